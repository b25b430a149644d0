// SPDX-License-Identifier: GPL-3.0-only
//! Requests from other processes to the launcher, which alone owns the nodes: a Unix socket that only its user may
//! open, with one request per connection. Request and answer are a line of JSON each; before its answer, long work sends
//! lines that tell how far it is.

use super::{
    cluster::Cluster,
    manifest::{NodeRecord, SyncMode},
    node::NetworkStatus,
    snapshot::{Progress, SnapshotReport, Watcher},
    Error, Result,
};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader as AsyncBufReader},
    net::{unix::OwnedWriteHalf, UnixListener, UnixStream as AsyncUnixStream},
    sync::mpsc,
    task::JoinHandle,
};

/// The socket's file name under a base path.
pub const SOCKET_FILE: &str = "control.sock";
/// The kernel's limit on a socket's path is 108 bytes, the ending zero included.
pub const MAX_SOCKET_PATH_BYTES: usize = 107;
/// No request is longer.
const MAX_REQUEST_BYTES: u64 = 64 * 1024;
/// Between two lines. The slowest is the answer to a node being added, or to nodes that come back after a snapshot.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(180);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub enum Request {
    Status,
    Stop,
    Kill { node: String },
    Restart { node: String },
    AddValidator { name: Option<String>, sync: SyncMode },
    AddCollator { name: Option<String>, para: u32 },
    Snapshot { file: PathBuf, replace: bool },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Done,
    Status(NetworkStatus),
    Node(Box<NodeRecord>),
    /// The answer is still to come.
    Progress(Progress),
    Snapshot(SnapshotReport),
    Refused(String),
}

/// Binds the socket and answers requests until the returned task is aborted.
pub fn serve(cluster: Arc<Cluster>) -> Result<JoinHandle<()>> {
    let path = cluster.control_socket.clone();
    // One left by a launcher that was killed; the lock on the base path says that there is no other launcher.
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path).map_err(Error::io("binding", &path))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(Error::io("protecting", &path))?;
    Ok(tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(converse(stream, cluster.clone()));
                }
                // Too many open files, say: that passes, and the network must stay reachable.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }))
}

/// How long not to accept after a failure to.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Sends one request to the launcher behind `socket`, and waits until it is done.
pub fn ask(socket: &Path, request: &Request) -> Result<Answer> {
    ask_and_watch(socket, request, |_| {})
}

/// The same, with a look at how far the launcher is. It gives the work up when this process ends.
pub fn ask_and_watch(socket: &Path, request: &Request, mut watch: impl FnMut(Progress)) -> Result<Answer> {
    let failed = |source| Error::Control { path: socket.to_owned(), source };
    let mut stream = UnixStream::connect(socket).map_err(failed)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT)).map_err(failed)?;
    let mut line = serde_json::to_string(request).map_err(|error| failed(error.into()))?;
    line.push('\n');
    stream.write_all(line.as_bytes()).map_err(failed)?;

    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).map_err(failed)? == 0 {
            return Err(failed(io::ErrorKind::UnexpectedEof.into()));
        }
        match serde_json::from_str(&line).map_err(|error| failed(error.into()))? {
            Answer::Progress(progress) => watch(progress),
            Answer::Refused(reason) => return Err(Error::Refused(reason)),
            answer => return Ok(answer),
        }
    }
}

async fn converse(stream: AsyncUnixStream, cluster: Arc<Cluster>) {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    let mut reader = AsyncBufReader::new(reader.take(MAX_REQUEST_BYTES));
    let is_read = reader.read_line(&mut line).await.is_ok_and(|bytes| bytes > 0);
    if !is_read {
        return;
    }
    let request = serde_json::from_str::<Request>(&line);
    let is_stop = matches!(request, Ok(Request::Stop));
    let answer = match request {
        Ok(request) => {
            let answer = handle(&cluster, request, &mut writer).await;
            answer.unwrap_or_else(|error| Answer::Refused(error.to_string()))
        }
        Err(error) => Answer::Refused(format!("not a request: {error}")),
    };
    // Who asked may have gone; what was asked for is done all the same.
    let _ = send(&mut writer, &answer).await;
    if is_stop {
        cluster.stopped_by_request.send_replace(true);
    }
}

async fn handle(cluster: &Cluster, request: Request, writer: &mut OwnedWriteHalf) -> Result<Answer> {
    match request {
        Request::Status => Ok(Answer::Status(cluster.status().await)),
        Request::Stop => cluster.stop().await.map(|()| Answer::Done),
        Request::Kill { node } => cluster.kill(&[node.as_str()]).await.map(|()| Answer::Done),
        Request::Restart { node } => cluster.restart(&[node.as_str()]).await.map(|()| Answer::Done),
        Request::AddValidator { name, sync } => {
            cluster.add_validator(name.as_deref(), sync).await.map(|record| Answer::Node(Box::new(record)))
        }
        Request::AddCollator { name, para } => {
            cluster.add_collator(para, name.as_deref()).await.map(|record| Answer::Node(Box::new(record)))
        }
        Request::Snapshot { file, replace } => snapshot(cluster, &file, replace, writer).await.map(Answer::Snapshot),
    }
}

/// Sends lines of progress meanwhile. When nobody reads them, nobody wants the snapshot.
async fn snapshot(
    cluster: &Cluster,
    file: &Path,
    replace: bool,
    writer: &mut OwnedWriteHalf,
) -> Result<SnapshotReport> {
    let (sender, mut progress) = mpsc::unbounded_channel();
    let watcher: Watcher = Arc::new(move |step| sender.send(step).is_ok());
    // To its end in any case: it starts the nodes again.
    let work = cluster.snapshot(file, replace, watcher);
    tokio::pin!(work);
    loop {
        tokio::select! {
            report = &mut work => return report,
            Some(step) = progress.recv() => if send(writer, &Answer::Progress(step)).await.is_err() {
                progress.close();
            },
        }
    }
}

async fn send(writer: &mut OwnedWriteHalf, answer: &Answer) -> io::Result<()> {
    let mut text = serde_json::to_string(answer)?;
    text.push('\n');
    writer.write_all(text.as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener as BlockingListener;

    #[test]
    fn requests_are_lines_of_json() {
        let request = Request::AddValidator { name: Some("dora".into()), sync: SyncMode::Warp };
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(text, r#"{"request":"add-validator","name":"dora","sync":"warp"}"#);
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
        assert_eq!(serde_json::to_string(&Request::Stop).unwrap(), r#"{"request":"stop"}"#);
    }

    #[test]
    fn a_refusal_is_an_error_with_its_reason() {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join(SOCKET_FILE);
        let listener = BlockingListener::bind(&socket).unwrap();
        let launcher = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
            let answer = serde_json::to_string(&Answer::Refused("there is no node 'x'".into())).unwrap();
            stream.write_all(format!("{answer}\n").as_bytes()).unwrap();
            line
        });
        let error = ask(&socket, &Request::Kill { node: "x".into() }).unwrap_err();
        assert_eq!(error.to_string(), "there is no node 'x'");
        assert_eq!(launcher.join().unwrap().trim(), r#"{"request":"kill","node":"x"}"#);
    }

    #[test]
    fn progress_comes_before_the_answer() {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join(SOCKET_FILE);
        let listener = BlockingListener::bind(&socket).unwrap();
        let step = |done| Answer::Progress(Progress { done, total: 10 });
        let launcher = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut String::new()).unwrap();
            for answer in [step(3), step(10), Answer::Done] {
                stream.write_all(format!("{}\n", serde_json::to_string(&answer).unwrap()).as_bytes()).unwrap();
            }
        });
        let mut steps = Vec::new();
        let request = Request::Snapshot { file: "/x".into(), replace: false };
        let answer = ask_and_watch(&socket, &request, |progress| steps.push(progress.done)).unwrap();
        assert_eq!((answer, steps), (Answer::Done, vec![3, 10]));
        launcher.join().unwrap();
    }

    #[test]
    fn a_launcher_that_is_not_there_is_named_by_its_socket() {
        let message = ask(Path::new("/nonexistent/control.sock"), &Request::Stop).unwrap_err().to_string();
        assert!(message.contains("/nonexistent/control.sock"), "{message}");
    }
}
