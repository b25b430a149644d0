// SPDX-License-Identifier: GPL-3.0-only
//! Just enough JSON to read what cargo prints; a dependency would have to be compiled first.

/// A JSON value. Null, booleans and numbers are not told apart: no rule looks at one.
#[derive(Debug, PartialEq)]
pub enum Json {
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
    Other,
}

impl Json {
    /// Parses a whole document.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value()?;
        match parser.peek() {
            None => Ok(value),
            Some(_) => Err(parser.error("more text after the value")),
        }
    }

    /// The field of an object; `Other` when there is none.
    pub fn field(&self, name: &str) -> &Json {
        let Json::Object(fields) = self else { return &Json::Other };
        fields.iter().find(|(field, _)| field == name).map_or(&Json::Other, |(_, value)| value)
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array, nothing for any other value.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Json, String> {
        match self.peek() {
            Some('{') => self.object(),
            Some('[') => self.array(),
            Some('"') => self.string().map(Json::String),
            _ => self.literal(),
        }
    }

    fn object(&mut self) -> Result<Json, String> {
        let mut fields = Vec::new();
        self.expect('{')?;
        while self.peek() != Some('}') {
            if !fields.is_empty() {
                self.expect(',')?;
                self.peek();
            }
            let name = self.string()?;
            self.expect(':')?;
            fields.push((name, self.value()?));
        }
        self.expect('}')?;
        Ok(Json::Object(fields))
    }

    fn array(&mut self) -> Result<Json, String> {
        let mut items = Vec::new();
        self.expect('[')?;
        while self.peek() != Some(']') {
            if !items.is_empty() {
                self.expect(',')?;
            }
            items.push(self.value()?);
        }
        self.expect(']')?;
        Ok(Json::Array(items))
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect('"')?;
        let mut text = String::new();
        while let Some(next) = self.next() {
            match next {
                '"' => return Ok(text),
                '\\' => text.push(self.escaped()?),
                plain => text.push(plain),
            }
        }
        Err(self.error("a string without end"))
    }

    fn escaped(&mut self) -> Result<char, String> {
        match self.next() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('u') => self.unicode(),
            Some(plain @ ('"' | '\\' | '/')) => Ok(plain),
            _ => Err(self.error("an unknown escape")),
        }
    }

    /// Half of a surrogate pair becomes the replacement character: no rule looks at one.
    fn unicode(&mut self) -> Result<char, String> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.next().and_then(|digit| digit.to_digit(16)).ok_or_else(|| self.error("no hex digit"))?;
            code = code * 16 + digit;
        }
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn literal(&mut self) -> Result<Json, String> {
        let is_literal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !is_literal(c)).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.error("no value"));
        }
        self.at += length;
        Ok(Json::Other)
    }

    /// The next character after white space, which stays where it is.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.text[self.at..].chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn expect(&mut self, expected: char) -> Result<(), String> {
        if self.peek() != Some(expected) {
            return Err(self.error(&format!("no `{expected}`")));
        }
        self.at += expected.len_utf8();
        Ok(())
    }

    fn error(&self, message: &str) -> String {
        format!("not valid JSON, {message} at byte {}", self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_nested_values() {
        let parsed = Json::parse(r#" {"a": [1, -2.5e3, null, true, "x\n\u00e9 \"y\" /"], "b": {}, "c": []} "#).unwrap();
        assert_eq!(parsed.field("a").items().len(), 5);
        assert_eq!(parsed.field("a").items()[4].text(), Some("x\n\u{e9} \"y\" /"));
        assert_eq!(parsed.field("b"), &Json::Object(Vec::new()));
        assert_eq!(parsed.field("missing"), &Json::Other);
    }

    #[test]
    fn refuses_broken_documents() {
        for broken in ["", "{", "[1", "[1 2]", "{\"a\" 1}", "\"open", "{} x", "\"\\q\"", "\"\\u12g4\""] {
            assert!(Json::parse(broken).is_err(), "{broken}");
        }
    }
}
