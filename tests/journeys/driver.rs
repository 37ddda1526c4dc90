//! WebKitWebDriver: starts the program, acts in its window as a person's hands, and sees it as a person's eyes.

use std::ffi::OsString;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_wicket");
/// How long the driver may take until it listens.
const LISTENING: Duration = Duration::from_secs(15);
/// How long the program may take until it shows a page.
const SHOWING: Duration = Duration::from_secs(45);

/// The driver's process; dropping it ends it.
pub struct Driver {
    process: Child,
    port: u16,
}

/// What the program is started with.
pub struct Start<'a> {
    pub program: &'a Path,
    pub home: &'a Path,
    /// The web engine's own files must not end up in the account of whoever runs the tests.
    pub data: &'a Path,
    pub display: &'a str,
    pub log: &'a Path,
    pub arguments: &'a [&'a str],
    pub environment: &'a [(&'static str, OsString)],
}

impl Driver {
    /// The driver and the program in its hands: one driver for each start of the program, whose environment is its own.
    pub async fn start(start: &Start<'_>) -> (Self, Client) {
        let driver = Self::listen(start).await;
        let url = format!("http://127.0.0.1:{}", driver.port);
        let wish = json!({
            "webkitgtk:browserOptions": { "binary": start.program, "args": start.arguments },
            "timeouts": { "script": SHOWING.as_millis() as u64, "pageLoad": SHOWING.as_millis() as u64 },
        });
        let wish = wish.as_object().expect("an object").clone();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let session = builder.capabilities(wish).connect(&url);
        let client = tokio::time::timeout(SHOWING, session).await.expect("a page in time").expect("a session");
        (driver, client)
    }

    /// How the driver ended, if it did.
    pub fn end(&mut self) -> Option<std::process::ExitStatus> {
        self.process.try_wait().expect("the driver")
    }

    /// A free port can be gone by the time it is used; then another one is.
    async fn listen(start: &Start<'_>) -> Self {
        let until = Instant::now() + LISTENING;
        while Instant::now() < until {
            let mut driver = Self::spawn(start);
            while Instant::now() < until && driver.process.try_wait().expect("the driver").is_none() {
                if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, driver.port)).await.is_ok() {
                    return driver;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        panic!("WebKitWebDriver does not listen (package webkit2gtk-driver)");
    }

    fn spawn(start: &Start<'_>) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("its number").port();
        drop(free);
        let log = || File::options().create(true).append(true).open(start.log).expect("a log of the driver");
        let process = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WICKET_HOME", start.home)
            .env("XDG_DATA_HOME", start.data)
            .env("DISPLAY", start.display)
            .env_remove("WAYLAND_DISPLAY")
            // No bus: it would be one for all windows of a display, and whoever uses it ends when its starter is ended.
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .env("NO_AT_BRIDGE", "1")
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log())
            .stderr(log())
            .spawn()
            .expect("WebKitWebDriver is installed (package webkit2gtk-driver)");
        Self { process, port }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
