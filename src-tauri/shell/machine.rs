//! What the program asks of its machine before anything else: a display, a calm renderer, no core dumps.

/// Renderer settings measured as better on Linux: half the time from a change to its paint, and less memory.
#[cfg(target_os = "linux")]
const RENDERER: [(&str, &str); 2] = [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("WEBKIT_DISABLE_COMPOSITING_MODE", "1")];

/// Checks the display and sets up the process.
///
/// # Errors
/// There is no display to show a screen on.
#[cfg(target_os = "linux")]
pub fn prepare() -> anyhow::Result<()> {
    let display = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    anyhow::ensure!(
        display("DISPLAY") || display("WAYLAND_DISPLAY"),
        "there is no display to open the till on (neither DISPLAY nor WAYLAND_DISPLAY is set); start it in a graphical \
         session, or use wicketctl, the same till without a screen"
    );
    // A core dump could hold a payment code.
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    restart_with_renderer()
}

/// Whether this machine has anything to play sound with. The web engine does not tell: without a device it plays into nothing.
#[cfg(target_os = "linux")]
pub fn has_sound() -> bool {
    // A sound server elsewhere in the network has a card of its own.
    let elsewhere = std::env::var_os("PULSE_SERVER").is_some_and(|server| !server.is_empty());
    elsewhere || std::fs::read_dir("/proc/asound").is_ok_and(|entries| entries.flatten().any(|entry| is_card(&entry)))
}

/// `card0`, `card1`, …; beside them lie files about the driver.
#[cfg(target_os = "linux")]
fn is_card(entry: &std::fs::DirEntry) -> bool {
    let name = entry.file_name();
    name.to_str().and_then(|name| name.strip_prefix("card")).is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Elsewhere the system always has a default device, or says so itself.
#[cfg(not(target_os = "linux"))]
pub fn has_sound() -> bool {
    true
}

/// Other systems bring their own renderer and display; on Windows an old one may have none.
///
/// # Errors
/// There is no web engine to show the screen with.
#[cfg(not(target_os = "linux"))]
pub fn prepare() -> anyhow::Result<()> {
    use anyhow::Context;
    tauri::webview_version().context(
        "the system's web engine is missing, so there is no screen; on Windows install Microsoft's WebView2 Runtime, or use \
         wicketctl, the same till without a screen",
    )?;
    Ok(())
}

/// The web engine reads these from the environment it was born with, so the program replaces itself once.
#[cfg(target_os = "linux")]
fn restart_with_renderer() -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;
    if RENDERER.iter().all(|(name, _)| std::env::var_os(name).is_some()) {
        return Ok(());
    }
    let mut again = std::process::Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1));
    again.envs(RENDERER.into_iter().filter(|(name, _)| std::env::var_os(name).is_none()));
    Err(again.exec().into())
}
