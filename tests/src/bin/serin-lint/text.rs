// SPDX-License-Identifier: GPL-3.0-only
//! Rules on the text of single files.

use super::finding::Finding;

const LICENCE: &str = "SPDX-License-Identifier: GPL-3.0-only";
/// Endings of the files that people write and that can hold a comment.
const SOURCE_ENDINGS: [&str; 11] =
    [".rs", ".toml", ".sh", ".js", ".mjs", ".cjs", ".ts", ".css", ".service", ".yml", ".yaml"];

// Spelled in two halves, or this file would break its own rules.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const IGNORED: [&str; 2] = [concat!("#[", "ignore"), concat!(", ", "ignore)]")];
const NO_WEIGHTS: [&str; 3] = ["TestWeightInfo", "Weight::zero()", "Weight::MAX"];

/// Checks one file; `path` starts at the root of the repository.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut report = Report { path, findings: Vec::new() };
    if is_source(path, text) {
        check_licence(text, &mut report);
        check_unfinished(text, &mut report);
    }
    if path.ends_with(".rs") {
        check_ignored(text, &mut report);
        if path.starts_with("runtime/") {
            check_weights(text, &mut report);
        }
    }
    report.findings
}

struct Report<'a> {
    path: &'a str,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// `index` counts lines from 0.
    fn add(&mut self, index: usize, message: impl Into<String>, remedy: &'static str) {
        self.findings.push(Finding { file: self.path.into(), line: index + 1, message: message.into(), remedy });
    }
}

fn is_source(path: &str, text: &str) -> bool {
    let is_makefile = path == "Makefile" || path.ends_with("/Makefile");
    is_makefile || text.starts_with("#!/") || SOURCE_ENDINGS.iter().any(|ending| path.ends_with(ending))
}

fn check_licence(text: &str, report: &mut Report<'_>) {
    let mut lines = text.lines();
    let mut first = lines.next().unwrap_or_default();
    if first.starts_with("#!/") {
        first = lines.next().unwrap_or_default();
    }
    if !first.contains(LICENCE) {
        report.add(0, "no licence line", "begin the file with a comment: SPDX-License-Identifier: GPL-3.0-only");
    }
}

fn check_unfinished(text: &str, report: &mut Report<'_>) {
    for (index, line) in text.lines().enumerate() {
        for mark in UNFINISHED {
            let bare = words(line, mark).any(|after| !names_an_issue(after));
            if bare {
                report.add(index, format!("bare {mark}"), "finish it, or name the issue: (#12) right behind the word");
            }
        }
    }
}

/// Whether the text behind a mark begins with a number of an issue, as in `(#12)`.
fn names_an_issue(after: &str) -> bool {
    let Some((number, _)) = after.strip_prefix("(#").and_then(|rest| rest.split_once(')')) else { return false };
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_ignored(text: &str, report: &mut Report<'_>) {
    for (index, line) in text.lines().enumerate() {
        if IGNORED.iter().any(|attribute| code(line).contains(attribute)) {
            report.add(
                index,
                "an ignored test",
                "let it run, give it a smaller count in the tier `test`, or delete it",
            );
        }
    }
}

fn check_weights(text: &str, report: &mut Report<'_>) {
    const REMEDY: &str = "use the pallet's SubstrateWeight, or benchmark it with `make weights`";
    for (index, line) in text.lines().enumerate() {
        let code = code(line);
        for name in NO_WEIGHTS {
            if words(code, name).next().is_some() {
                report.add(index, format!("{name} is no weight"), REMEDY);
            }
        }
        if is_unit_weight(code) {
            report.add(index, "() is no weight", REMEDY);
        }
    }
}

/// Whether the line is an associated type of weights that is set to `()`.
fn is_unit_weight(code: &str) -> bool {
    let Some((name, value)) = code.trim().strip_prefix("type ").and_then(|rest| rest.split_once('=')) else {
        return false;
    };
    name.contains("WeightInfo") && value.trim().trim_end_matches(';').trim_end() == "()"
}

/// A line without its comment.
fn code(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// What follows each place where `word` stands by itself.
fn words<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).filter_map(move |(start, _)| {
        let (before, after) = (&line[..start], &line[start + word.len()..]);
        let alone = !before.ends_with(is_part) && !after.starts_with(is_part);
        alone.then_some(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "// SPDX-License-Identifier: GPL-3.0-only\n";

    fn messages(path: &str, body: &str) -> Vec<String> {
        check(path, &format!("{HEAD}{body}")).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn source_files_begin_with_the_licence() {
        assert!(check("a.rs", HEAD).is_empty());
        assert!(check("scripts/a", "#!/usr/bin/env bash\n# SPDX-License-Identifier: GPL-3.0-only\n").is_empty());
        assert_eq!(check("a.rs", "fn a() {}").len(), 1);
        assert_eq!(check("scripts/a", "#!/usr/bin/env bash\necho\n").len(), 1);
        assert_eq!(check("Makefile", "all:\n").len(), 1);
        assert_eq!(check("Cargo.toml", "").len(), 1);
        assert!(check("Cargo.lock", "version = 4\n").is_empty());
        assert!(check("README.md", "# Name\n").is_empty());
    }

    #[test]
    fn unfinished_marks_name_an_issue() {
        for mark in UNFINISHED {
            assert_eq!(messages("a.rs", &format!("// {mark}: later")).len(), 1);
            assert_eq!(messages("a.rs", &format!("// {mark}(me) later")).len(), 1);
            assert!(messages("a.rs", &format!("// {mark}(#12) later")).is_empty());
            assert!(messages("a.rs", &format!("const A{mark}_B: u8 = 1;")).is_empty());
        }
    }

    #[test]
    fn tests_are_not_ignored() {
        let attribute = IGNORED[0];
        assert_eq!(messages("a.rs", &format!("{attribute}]\nfn a() {{}}")).len(), 1);
        assert_eq!(messages("a.rs", &format!("{attribute} = \"slow\"]")).len(), 1);
        assert_eq!(messages("a.rs", &format!("#[cfg_attr(unix{}", IGNORED[1])).len(), 1);
        assert!(messages("a.rs", &format!("// {attribute}]")).is_empty());
    }

    #[test]
    fn the_runtime_has_real_weights() {
        let file = "runtime/relay/src/configs/a.rs";
        for body in [
            "    type WeightInfo = ();",
            "    type ExtensionsWeightInfo = () ;",
            "    type WeightInfo = pallet_a::TestWeightInfo;",
            "    let weight = Weight::zero();",
            "    call(Weight::MAX)",
        ] {
            assert_eq!(messages(file, body).len(), 1, "{body}");
            assert!(messages("pallets/a/src/mock.rs", body).is_empty(), "{body}");
        }
        for body in [
            "    type WeightInfo = pallet_a::weights::SubstrateWeight<Runtime>;",
            "    type Slash = ();",
            "    // never Weight::zero()",
            "    MyWeight::MAX_SIZE",
        ] {
            assert!(messages(file, body).is_empty(), "{body}");
        }
    }

    #[test]
    fn a_finding_shows_file_line_message_and_remedy() {
        let found = messages("runtime/a.rs", "\ntype WeightInfo = ();");
        assert_eq!(
            found,
            ["runtime/a.rs:3: () is no weight: use the pallet's SubstrateWeight, or benchmark it with `make weights`"]
        );
    }
}
