//! What guards the screen: its content security policy, its capabilities, and no plugin that reaches further.

use serde_json::Value;

use crate::files;

fn config() -> Value {
    let text = &files::named("tauri.conf.json").text;
    serde_json::from_str(text).expect("tauri.conf.json is JSON")
}

/// The sources that a directive allows; a policy may be written as one text or as a table.
fn directives() -> Vec<(String, Vec<String>)> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    match &config()["app"]["security"]["csp"] {
        Value::String(text) => text
            .split(';')
            .filter_map(|part| words(part).split_first().map(|(name, rest)| (name.clone(), rest.to_vec())))
            .collect(),
        Value::Object(table) => table
            .iter()
            .map(|(name, sources)| match sources {
                Value::Array(list) => {
                    (name.clone(), list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                }
                other => (name.clone(), words(other.as_str().unwrap_or_default())),
            })
            .collect(),
        other => panic!("app.security.csp must be set, and is {other}"),
    }
}

fn directive(name: &str) -> Vec<String> {
    let found = directives().into_iter().find(|(directive, _)| directive == name);
    found.unwrap_or_else(|| panic!("the policy has no {name}")).1
}

#[test]
fn the_page_reaches_no_network() {
    assert_eq!(directive("default-src"), ["'self'"], "the page loads itself and nothing else");
    let mut connect = directive("connect-src");
    connect.sort();
    assert_eq!(connect, ["http://ipc.localhost", "ipc:"], "all network is Rust's; the page talks to Rust only");
    for (name, sources) in directives() {
        for source in sources.iter().filter(|source| name != "connect-src" || !source.contains("ipc")) {
            let outside = ["http:", "https:", "ws:", "wss:", "*", "blob:", "filesystem:"];
            assert!(
                !outside.iter().any(|start| source.starts_with(start)),
                "{name} allows {source}: nothing on the screen comes from elsewhere"
            );
            assert!(
                !source.contains("unsafe") && (source != "data:" || name == "img-src"),
                "{name} allows {source}: injected code or style is how a foreign page would act"
            );
        }
    }
}

#[test]
fn the_page_can_neither_be_framed_nor_sent_away() {
    for name in ["object-src", "frame-ancestors"] {
        assert_eq!(directive(name), ["'none'"], "{name}: the screen holds nothing foreign and is held by nobody");
    }
    for name in ["base-uri", "form-action"] {
        assert!(
            ["'none'", "'self'"].contains(&directive(name).join(" ").as_str()),
            "{name}: the screen's addresses stay its own"
        );
    }
}

#[test]
fn the_page_gets_no_more_of_tauri_than_it_imports() {
    let app = &config()["app"];
    assert_eq!(app["withGlobalTauri"], Value::Bool(false), "no door for injected code in the window object");
    let security = &app["security"];
    assert_eq!(security["freezePrototype"], Value::Bool(true), "no prototype of the page may be changed");
    assert_eq!(
        security.get("dangerousDisableAssetCspModification").unwrap_or(&Value::Bool(false)),
        &Value::Bool(false),
        "Tauri writes the hashes of its own scripts into the policy, and that stays so"
    );
    assert_eq!(
        config()["build"]["removeUnusedCommands"],
        Value::Bool(true),
        "a command that no capability names is not even in the program"
    );
}

#[test]
fn a_capability_names_its_screens_and_permissions() {
    let config = config();
    let capabilities = config["app"]["security"]["capabilities"].as_array().expect("inline capabilities");
    assert!(!capabilities.is_empty(), "without a capability no screen can do anything");
    for capability in capabilities {
        assert!(capability.is_object(), "capabilities stand inline in tauri.conf.json: {capability}");
        let named = |key: &str| {
            let list = capability[key].as_array().cloned().unwrap_or_default();
            let texts = list.iter().map(|entry| entry.as_str().or(entry["identifier"].as_str()).unwrap_or_default());
            texts.map(str::to_owned).collect::<Vec<_>>()
        };
        let screens = [named("windows"), named("webviews")].concat();
        assert!(!screens.is_empty(), "a capability is for a named screen: {capability}");
        assert!(
            !screens.iter().any(|screen| screen.contains('*')),
            "a new screen must not get what another one may: {capability}"
        );
        assert!(capability.get("remote").is_none(), "no page from elsewhere may call anything: {capability}");
        let wide = |permission: &String| permission.contains('*') || permission.ends_with("default");
        files::none(
            named("permissions").into_iter().filter(wide).collect(),
            "each permission is named: a set grows with the next version of whoever made it",
        );
    }
}

#[test]
fn the_security_paper_lists_what_the_page_may_call() {
    let paper = &files::named("docs/security.md").text;
    let list = paper.split("- **What it may call**").nth(1).and_then(|rest| rest.split("\n- **").next());
    let list = list.expect("the list");
    let commands = &files::named("src-tauri/shell/build.rs").text;
    let commands = commands.split("COMMANDS: &[&str] = &[").nth(1).and_then(|rest| rest.split(']').next());
    let commands: Vec<&str> = commands.expect("the commands").split('"').skip(1).step_by(2).collect();
    assert!(commands.len() > 30, "the commands were not found in their file: {commands:?}");
    // The customer's screen has its own point.
    let missing = commands.iter().filter(|name| **name != "customer_view" && !list.contains(&format!("`{name}`")));
    files::none(missing.map(ToString::to_string).collect(), "docs/security.md: who judges the page must see all of it");
}

#[test]
fn there_is_no_plugin_and_no_other_place_for_capabilities() {
    let manifests = files::all().iter().filter(|file| file.is(&["Cargo.toml", "package.json"]));
    files::none(
        files::breaches(manifests, |_, line| line.contains("tauri-plugin-") || line.contains("@tauri-apps/plugin-")),
        "files, network and processes are Rust's, typed and named one by one",
    );
    let elsewhere = files::all().iter().filter(|file| file.under("capabilities/") || file.under("permissions/"));
    files::none(
        elsewhere.map(|file| file.path.clone()).collect(),
        "what a screen may do is read in one place, tauri.conf.json",
    );
}

#[test]
fn the_customers_screen_may_ask_what_it_shows_and_nothing_else() {
    let config = config();
    let capabilities = config["app"]["security"]["capabilities"].as_array().expect("inline capabilities");
    let customers = capabilities.iter().filter(|capability| {
        let windows = capability["windows"].as_array().expect("windows");
        windows.iter().any(|window| window == "customer")
    });
    let permissions: Vec<&Value> = customers.map(|capability| &capability["permissions"]).collect();
    assert_eq!(
        permissions,
        [&serde_json::json!(["allow-customer-view"])],
        "whoever stands in front of the glass may charge nothing, and listen to no event of the cashier's screen"
    );
}
