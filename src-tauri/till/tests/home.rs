//! WICKET_HOME: made when missing, refused in words when unusable, one till for each folder, with its logs.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use till::home::{HOME_VARIABLE, Home, LockError};

/// Set for a process that this file starts: the folder to lock until it is ended.
const HOLD: &str = "WICKET_TEST_HOLD";
/// Set for a process that this file starts: the folder to log in.
const LOG: &str = "WICKET_TEST_LOG";
/// What must not reach a log.
const CODE: &str = "134567890123456789";
/// Set for a process that this file starts: a place for what `Home::find` says.
const FIND: &str = "WICKET_TEST_FIND";

#[test]
fn a_missing_folder_is_created_for_its_owner_alone() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("a").join("窗口");
    let home = Home::at(&folder).expect("a new home");
    assert!(home.logs().is_dir() && home.exports().is_dir());
    assert_eq!(home.config_file(), folder.join("wicket.toml"));
    assert_eq!(home.lock_file(), folder.join("lock"));
    assert_eq!(home.code_rules_file(), folder.join("code-rules.json"));
    assert_eq!(home.scanner_file(), folder.join("scanner.json"));
    let names: Vec<_> =
        fs::read_dir(home.folder()).expect("the folder").filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    assert_eq!(names.len(), 2, "nothing but logs and exports: {names:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&folder).expect("the folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    assert_eq!(Home::at(&folder).expect("the same home"), home);
}

#[test]
fn an_unusable_folder_is_refused_in_words() {
    let parent = tempfile::tempdir().expect("a folder");
    let file = parent.path().join("file");
    fs::write(&file, "no folder").expect("a file");
    let said = Home::at(&file).expect_err("a file").to_string();
    assert!(said.contains("is not a folder") && said.contains(HOME_VARIABLE), "{said}");
    // Even an administrator's account cannot make a folder below a file.
    let said = Home::at(file.join("home")).expect_err("below a file").to_string();
    assert!(said.contains("cannot be created") && said.contains("home"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_refused_in_words() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    Home::at(folder.path()).expect("a home");
    let rights = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode));
    rights(0o500).expect("rights");
    let denied = fs::write(folder.path().join("try"), "").is_err();
    let tried = Home::at(folder.path());
    rights(0o700).expect("rights");
    if denied {
        let said = tried.expect_err("read-only").to_string();
        assert!(said.contains("cannot be written to") && said.contains("right to write"), "{said}");
    } else {
        // An administrator's account may write anywhere; there is nothing to refuse then.
        tried.expect("a home");
    }
}

#[test]
fn the_lock_is_exclusive_in_one_process_and_free_after_a_drop() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::at(folder.path()).expect("a home");
    let lock = home.lock().expect("the lock");
    let refused = home.lock().expect_err("the second lock");
    assert!(matches!(refused, LockError::Held { .. }));
    let said = refused.to_string();
    assert!(said.starts_with("another till has this journal open (folder "), "{said}");
    assert!(said.ends_with("; close it first"), "{said}");
    assert!(said.contains(&folder.path().display().to_string()), "{said}");
    if cfg!(unix) {
        let id = std::process::id();
        assert!(said.contains(&format!("process {id})")), "{said}");
        assert_eq!(fs::read_to_string(home.lock_file()).expect("a file"), format!("{id}\n"));
    }
    drop(lock);
    assert!(home.lock_file().exists(), "the file stays");
    drop(home.lock().expect("the lock again"));
}

#[test]
fn several_folders_are_locked_at_once() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = Home::at(one.path()).expect("a home").lock().expect("the first");
    let second = Home::at(two.path()).expect("a home").lock().expect("the second");
    drop((first, second));
}

#[test]
fn the_lock_is_exclusive_between_processes_and_free_after_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::at(folder.path()).expect("a home");
    let mut holder = holder_of(folder.path());
    let said = home.lock().expect_err("held by the other").to_string();
    assert!(said.contains("another till has this journal open"), "{said}");
    if cfg!(unix) {
        assert!(said.contains(&format!("process {}", holder.id())), "{said}");
    }
    holder.kill().expect("a kill");
    holder.wait().expect("its end");
    drop(home.lock().expect("free after a kill"));
}

#[test]
fn a_lock_file_that_cannot_be_opened_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::at(folder.path()).expect("a home");
    fs::create_dir(home.lock_file()).expect("a folder in its place");
    let said = home.lock().expect_err("a folder").to_string();
    assert!(said.contains("lock file") && said.contains("cannot be used"), "{said}");
}

#[test]
fn the_variable_names_the_folder_and_the_platform_does_otherwise() {
    let folder = tempfile::tempdir().expect("a folder");
    let (named, account) = (folder.path().join("named"), folder.path().join("account"));
    assert_eq!(found(&account, named.to_str()), named.display().to_string());
    let usual = found(&account, None);
    assert_eq!(found(&account, Some("")), usual, "an empty variable is none");
    if cfg!(all(unix, not(target_os = "macos"))) {
        let expected = account.join(".local").join("share").join("wicket");
        assert_eq!(usual, expected.display().to_string());
    }
    if cfg!(not(windows)) {
        assert!(usual.starts_with(&account.display().to_string()), "{usual}");
    }
}

#[test]
fn the_log_holds_what_happened_and_no_message_that_could_hold_a_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = this_file_again();
    command.env(LOG, folder.path()).env("WICKET_LOG", "trace").env_remove("RUST_BACKTRACE");
    // Not caught by the test, as it is not in the program.
    let ended = command.arg("--nocapture").output().expect("a child");
    assert!(ended.status.success());
    let shown = String::from_utf8_lossy(&ended.stderr);
    assert!(shown.contains("home.rs:") && shown.contains("a sentence of the source"), "{shown}");
    assert!(!shown.contains(CODE), "a desktop keeps standard error in a file: {shown}");
    let files: Vec<_> = fs::read_dir(folder.path().join("logs"))
        .expect("the logs")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    assert_eq!(files.len(), 1, "one for the day: {files:?}");
    let said = fs::read_to_string(&files[0]).expect("the log");
    assert!(said.contains("the window opens"), "{said}");
    assert!(said.contains("panic: a sentence of the source"), "{said}");
    assert!(said.contains("home.rs:"), "the place of a panic: {said}");
    assert!(!said.contains(CODE), "{said}");
}

/// Not a test by itself: what the processes do that this file starts.
#[test]
fn child() {
    if let Some(folder) = std::env::var_os(HOLD) {
        let home = Home::at(folder).expect("a home");
        let _lock = home.lock().expect("the lock");
        fs::write(home.exports().join("held"), "").expect("a sign");
        std::thread::sleep(Duration::from_secs(60));
    } else if let Some(folder) = std::env::var_os(LOG) {
        let home = Home::at(folder).expect("a home");
        let _log = till::logs::start(&home, true).expect("a log");
        assert!(till::logs::start(&home, false).is_err(), "one log for a process");
        tracing::info!(target: "till", "the window opens");
        tracing::debug!(target: "hyper", "sending {CODE}");
        let plain = std::thread::spawn(|| panic!("a sentence of the source"));
        assert!(plain.join().is_err());
        let made = std::thread::spawn(|| panic!("the scan was {}", CODE.to_owned()));
        assert!(made.join().is_err());
    } else if let Some(answer) = std::env::var_os(FIND) {
        let home = Home::find().expect("a home");
        let mut file = fs::File::create(answer).expect("an answer");
        write!(file, "{}", home.folder().display()).expect("an answer");
    }
}

fn this_file_again() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "child"]).stdout(Stdio::null());
    command
}

fn holder_of(folder: &Path) -> Child {
    let child = this_file_again().env(HOLD, folder).spawn().expect("a child");
    let held = folder.join("exports").join("held");
    let begun = Instant::now();
    while !held.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the child has no lock");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

/// What another process finds with this account folder and this WICKET_HOME. Windows keeps its own account folder, so
/// there the usual one is only looked for when it is named.
fn found(account: &Path, named: Option<&str>) -> String {
    let answer = account.with_extension("answer");
    let mut command = this_file_again();
    command.env(FIND, &answer).env("HOME", account);
    command.env_remove("XDG_DATA_HOME").env_remove(HOME_VARIABLE);
    if let Some(named) = named {
        command.env(HOME_VARIABLE, named);
    }
    assert!(command.status().expect("a child").success());
    fs::read_to_string(answer).expect("an answer")
}
