//! What a screen may ask for. Each command builds one message for the till, sends it, and waits for the reply.

use checkout::event::PhoneAnswer;
use checkout::{ChargeId, Entry, Refusal, ScannedText, Word};
use tauri::State;
use till::hall::HallView;
use till::look::Look;
use till::view::{ScanOutcome, View};
use till::{Command, Pin, ScanSource, Till};

use crate::machine;
use crate::training::Lessons;

type Outcome = Result<(), Refusal>;

/// The view of this moment; everything later comes with the event.
#[tauri::command]
#[specta::specta]
pub fn snapshot(till: State<'_, Till>) -> View {
    till.view().as_ref().clone()
}

/// An operator signs in.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(till: State<'_, Till>, operator: String) -> Outcome {
    till.ask(Command::SignIn { operator }).await
}

/// The operator signs out.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(till: State<'_, Till>) -> Outcome {
    till.ask(Command::SignOut).await
}

/// The operator leaves the screen.
#[tauri::command]
#[specta::specta]
pub async fn lock(till: State<'_, Till>) -> Outcome {
    till.ask(Command::Lock).await
}

/// The operator is back, or another one takes over.
#[tauri::command]
#[specta::specta]
pub async fn unlock(till: State<'_, Till>, operator: String, take_over: bool) -> Outcome {
    till.ask(Command::Unlock { operator, take_over }).await
}

/// Somebody is at the screen, typing or pointing.
#[tauri::command]
#[specta::specta]
pub async fn still_here(till: State<'_, Till>) -> Outcome {
    till.ask(Command::StillHere).await
}

/// How the screen looks from now on.
#[tauri::command]
#[specta::specta]
pub async fn set_look(till: State<'_, Till>, look: Look) -> Outcome {
    till.ask(Command::SetLook { look }).await
}

/// The sale is confirmed.
#[tauri::command]
#[specta::specta]
pub async fn arm(till: State<'_, Till>, entry: Entry, large_confirmed: bool) -> Outcome {
    till.ask(Command::Arm { entry, large_confirmed }).await
}

/// The sale is edited or given up.
#[tauri::command]
#[specta::specta]
pub async fn disarm(till: State<'_, Till>) -> Outcome {
    till.ask(Command::Disarm).await
}

/// No more waiting for the charge in front.
#[tauri::command]
#[specta::specta]
pub async fn stop_waiting(till: State<'_, Till>) -> Outcome {
    till.ask(Command::StopWaiting).await
}

/// Done with the ended charge in front.
#[tauri::command]
#[specta::specta]
pub async fn next_customer(till: State<'_, Till>) -> Outcome {
    till.ask(Command::NextCustomer).await
}

/// Ask about a charge now.
#[tauri::command]
#[specta::specta]
pub async fn query_now(till: State<'_, Till>, charge: ChargeId) -> Outcome {
    till.ask(Command::QueryNow { charge }).await
}

/// What the customer's phone shows after a refusal.
#[tauri::command]
#[specta::specta]
pub async fn phone_shows(till: State<'_, Till>, charge: ChargeId, answer: PhoneAnswer) -> Outcome {
    till.ask(Command::PhoneShows { charge, answer }).await
}

/// A notice was read.
#[tauri::command]
#[specta::specta]
pub async fn take_notice(till: State<'_, Till>, charge: ChargeId) -> Outcome {
    till.ask(Command::TakeNotice { charge }).await
}

/// A code of an unknown wallet: use it, or throw it away.
#[tauri::command]
#[specta::specta]
pub async fn decide_held(till: State<'_, Till>, accept: bool) -> Outcome {
    till.ask(Command::DecideHeld { accept }).await
}

/// A lesson of training mode, most of them by its on-screen scanner; outside training there is none.
#[tauri::command]
#[specta::specta]
pub async fn training_scan(till: State<'_, Till>, lessons: State<'_, Option<Lessons>>, scenario: String) -> Outcome {
    let lessons = lessons.inner().as_ref().ok_or(Refusal::Gone)?;
    lessons.play(till.inner(), &scenario).await
}

/// What the page's guard took for a scan, where keys are not taken below the page.
#[tauri::command]
#[specta::specta]
pub async fn typed_scan(till: State<'_, Till>, text: String) -> Outcome {
    match till.scan_from(ScannedText::new(text), ScanSource::Page).await {
        ScanOutcome::Refused { refusal } => Err(refusal),
        _ => Ok(()),
    }
}

/// Whether this machine has anything to play sound with, at this moment.
#[tauri::command]
#[specta::specta]
pub fn has_sound() -> bool {
    machine::has_sound()
}

/// What the hall hears and sees of this window.
#[tauri::command]
#[specta::specta]
pub async fn set_hall(till: State<'_, Till>, hall: HallView) -> Outcome {
    till.ask(Command::SetHall { hall }).await
}

/// A supervisor's PIN is set; the first one needs nobody's leave.
#[tauri::command]
#[specta::specta]
pub async fn set_pin(till: State<'_, Till>, name: String, pin: Pin) -> Outcome {
    till.ask(Command::SetPin { name, pin, leave: None }).await
}

/// A supervisor's name is taken away, by a supervisor who is signed in.
#[tauri::command]
#[specta::specta]
pub async fn remove_pin(till: State<'_, Till>, name: String) -> Outcome {
    till.ask(Command::RemovePin { name, leave: None }).await
}

/// A supervisor signs in.
#[tauri::command]
#[specta::specta]
pub async fn supervisor_in(till: State<'_, Till>, name: String, pin: Pin) -> Outcome {
    till.ask(Command::SupervisorIn { name, pin }).await
}

/// The supervisor signs out.
#[tauri::command]
#[specta::specta]
pub async fn supervisor_out(till: State<'_, Till>) -> Outcome {
    till.ask(Command::SupervisorOut).await
}

/// The supervisor who is signed in decides; for an undecided charge the gateway is asked once more first.
#[tauri::command]
#[specta::specta]
pub async fn settle(till: State<'_, Till>, charge: ChargeId, word: Word, reason: String, evidence: String) -> Outcome {
    till.ask(Command::Settle { charge, word, reason, evidence }).await
}

/// The form of a decision about this charge is open, or none is any more: a scan of an order number belongs into it.
#[tauri::command]
#[specta::specta]
pub async fn want_evidence(till: State<'_, Till>, charge: Option<ChargeId>) -> Outcome {
    till.ask(Command::WantEvidence { charge }).await
}

/// The cashier asks the supervisor for help.
#[tauri::command]
#[specta::specta]
pub async fn ask_help(till: State<'_, Till>, charge: ChargeId) -> Outcome {
    till.ask(Command::AskHelp { charge }).await
}
