//! Two languages: switched at any moment without touching the sale, and never a word that is not one.

use serde_json::json;

use crate::place::{Place, journey, journey_with};
use crate::scanner::code;
use crate::settings::Settings;

/// Nothing on the page is empty where a word belongs, or the name of nothing.
async fn words_are_words(place: &Place) {
    let bad = place
        .see(
            "(() => { \
               const all = document.body.innerText + [...document.querySelectorAll('[title], [aria-label]')] \
                 .map((e) => (e.title ?? '') + ' ' + (e.ariaLabel ?? '')).join(' '); \
               const odd = all.match(/undefined|null|NaN|\\[object|\\{|\\}/g) ?? []; \
               const mute = [...document.querySelectorAll('button, label, h1, h2, option')] \
                 .filter((e) => e.textContent.trim() === '').map((e) => e.outerHTML); \
               const nameless = [...document.querySelectorAll('button, input, select, [role=dialog]')] \
                 .filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim())).map((e) => e.outerHTML); \
               return [...odd, ...mute, ...nameless]; })()",
        )
        .await;
    assert_eq!(bad, json!([]), "in {}", place.see_text("document.documentElement.lang").await);
}

#[test]
fn language_and_theme_change_in_mid_charge_and_nothing_else_does() {
    journey(async |place| {
        place.sign_in().await;
        words_are_words(place).await;
        place.arm("T-WORDS", "260").await;
        words_are_words(place).await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        words_are_words(place).await;

        place.click("language").await;
        place.until("document.documentElement.lang === 'en'").await;
        assert_eq!(place.state().await, "confirming");
        assert!(place.message().await.contains("Do not charge again"), "{}", place.message().await);
        let han = place.see("(document.body.innerText.match(/[\\u3400-\\u9fff]+/g) ?? [])").await;
        // The window's name, the gateway's own text and the way back are Chinese in any language.
        let known = ["号窗口", "等待用户输入密码", "中文"];
        let strange = |word: &&serde_json::Value| !known.contains(&word.as_str().unwrap_or_default());
        let strange: Vec<_> = han.as_array().expect("words").iter().filter(strange).collect();
        assert!(strange.is_empty(), "{strange:?}");
        words_are_words(place).await;
        place.picture("confirming").await;

        let before = place.see("[state(), text('charge-amount'), value('bill'), value('amount')]").await;
        for theme in ["light", "dark"] {
            place.click("theme").await;
            place.until(&format!("document.documentElement.dataset.theme === '{theme}'")).await;
        }
        assert_eq!(place.see("[state(), text('charge-amount'), value('bill'), value('amount')]").await, before);
        // A page that is loaded anew looks as it did, and so does the program after a start, but for the language.
        place.window.client().refresh().await.expect("the page again");
        crate::page::watch(place.window.client()).await;
        place.await_state("confirming").await;
        let looks = "[document.documentElement.dataset.theme, document.documentElement.lang]";
        assert_eq!(place.see(looks).await, json!(["dark", "en"]));

        assert!(place.gateway.approve("T-WORDS"));
        place.await_state("paid").await;
        words_are_words(place).await;
        place.until("by('today-sum')?.dataset.state === 'paid'").await;
        place.picture("paid").await;
        place.click("language").await;
        place.until("document.documentElement.lang === 'zh-CN'").await;
        assert!(place.message().await.contains("收款"), "{}", place.message().await);
        place.click("language").await;
        place.until("document.documentElement.lang === 'en'").await;
        place.window.close().await;
        place.window.start().await;
        place.await_focus("operator").await;
        assert_eq!(place.see(looks).await, json!(["dark", "zh-CN"]));
    });
}

#[test]
fn a_window_set_to_english_begins_in_english() {
    journey_with(Settings::default().with("window", "language", "\"en\""), async |place| {
        place.await_focus("operator").await;
        assert_eq!(place.see("document.documentElement.lang").await, json!("en"));
        place.picture("entering").await;
        place.sign_in().await;
        place.arm("T-EN", "260").await;
        words_are_words(place).await;
        place.picture("armed").await;
        place.scanner.scan(&code("56"));
        place.until("by('question')?.dataset.question === 'phone'").await;
        words_are_words(place).await;
        place.picture("declined").await;
    });
}
