//! The page can do what a cashier does, and nothing else, even if somebody else's script ran in it.

use serde_json::{Value, json};

use crate::place::journey;

#[test]
fn a_script_in_the_page_gets_no_further_than_a_cashier() {
    journey(async |place| {
        place.await_focus("operator").await;
        let allowed = place.invoke("snapshot", json!({})).await;
        assert!(allowed.starts_with("done: {"), "{allowed}");
        for (command, arguments) in [
            ("settle", json!({ "charge": "x" })),
            ("plugin:event|emit", json!({ "event": "view", "payload": {} })),
            ("plugin:window|close", json!({})),
            ("plugin:window|set_title", json!({ "value": "x" })),
            ("plugin:webview|create_webview_window", json!({ "options": { "label": "other", "url": "index.html" } })),
            ("plugin:app|version", json!({})),
            ("plugin:path|resolve_directory", json!({ "directory": 1 })),
            ("plugin:fs|read_text_file", json!({ "path": "/etc/hostname" })),
            ("plugin:shell|execute", json!({ "program": "true" })),
        ] {
            let answer = place.invoke(command, arguments).await;
            assert!(answer.starts_with("refused: "), "{command}: {answer}");
        }
    });
}

#[test]
fn the_page_has_no_network_and_no_global_of_the_program() {
    journey(async |place| {
        place.await_focus("operator").await;
        let fetch = "const done = arguments[arguments.length - 1]; \
                     fetch(arguments[0]).then(() => done('fetched'), (error) => done('blocked: ' + error));";
        let address = json!(place.gateway.base_url());
        let answer = place.window.client().execute_async(fetch, vec![address]).await.expect("an answer");
        assert!(answer.as_str().is_some_and(|answer| answer.starts_with("blocked")), "{answer}");
        assert_eq!(place.gateway.ledger().requests.len(), 0);
        assert_eq!(place.see("typeof window.__TAURI__").await, json!("undefined"));
        assert_eq!(place.see("Object.isFrozen(Object.prototype)").await, json!(true));
        assert_eq!(place.see("location.protocol").await, json!("tauri:"));
        let inline = "(() => { const s = document.createElement('script'); s.textContent = 'window.inlined = 1'; \
                      document.head.append(s); return window.inlined ?? null; })()";
        assert_eq!(place.see(inline).await, Value::Null, "no inline script runs");
    });
}

#[test]
fn the_window_shows_no_page_but_the_programs_own() {
    journey(async |place| {
        place.await_focus("operator").await;
        let port = place.gateway.addr().port();
        for address in [format!("http://localhost:{port}/elsewhere"), "https://example.com/".into(), "file:///".into()]
        {
            place.see(&format!("(location.assign({}), true)", json!(address))).await;
        }
        // A page that had gone elsewhere would take no sale.
        place.sign_in().await;
        place.arm("T-STAYS", "10").await;
        assert_eq!(place.see("location.protocol").await, json!("tauri:"));
        assert!(place.gateway.ledger().requests.iter().all(|request| request.on.is_some()), "only the program asked");
    });
}

#[test]
fn everything_the_program_writes_is_in_its_folder() {
    journey(async |place| {
        place.sign_in().await;
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", place.window.pid())).expect("its limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        assert_eq!(
            core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(),
            ["0", "0"],
            "no core, which could hold a code"
        );
        let elsewhere: Vec<_> =
            std::fs::read_dir(place.window.data()).expect("a folder").filter_map(Result::ok).collect();
        assert!(elsewhere.is_empty(), "WICKET_HOME names one folder that holds everything: {elsewhere:?}");
    });
}
