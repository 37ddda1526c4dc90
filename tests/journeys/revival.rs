//! The page dies in mid charge: the charge goes on, and the screen comes back by itself.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use gateway_sim::On;

use crate::picture::{await_colour, colour, share_of};
use crate::place::{Place, journey_from_the_door};
use crate::processes;
use crate::scanner::code;
use crate::settings::Settings;

/// How long a page may take to be there again.
const BACK: Duration = Duration::from_secs(25);

#[test]
fn a_page_killed_while_the_customer_confirms_comes_back_and_shows_the_payment() {
    journey_from_the_door(Settings::default(), async |place| {
        let display = place.window.open_on_its_own_display();
        place.window.start().await;
        place.sign_in().await;
        let [waiting, paid] = [shade(place, "--wait").await, shade(place, "--paid").await];
        place.arm("T-DEAD-PAGE", "75").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        await_colour(&display, waiting, 10).await;
        assert_eq!(share_of(&display, paid), 0);

        // The driver's connection dies with the page: from here on only the screen itself, the log and the books tell.
        let (program, page) = (place.window.pid(), page_besides(place, &[]).await);
        let before = place.gateway.ledger().count(On::Query, "T-DEAD-PAGE");
        processes::kill(page);
        place.page_killed = true;
        page_besides(place, &[page]).await;
        assert_eq!(place.window.pid(), program, "the program itself never ended");
        assert!(place.window.logged().contains("the page's process ended"), "the log says so");
        place.books(|ledger| ledger.count(On::Query, "T-DEAD-PAGE") > before).await;
        await_colour(&display, waiting, 10).await;

        // The page that was killed cannot have drawn this.
        assert!(place.gateway.approve("T-DEAD-PAGE"));
        await_colour(&display, paid, 10).await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-DEAD-PAGE"), ledger.times_taken("T-DEAD-PAGE")), (1, 1));
    });
}

/// More of the display than the cashier's window alone has in the colour of a payment.
const BOTH_PAID: usize = 40;

#[test]
fn the_customers_page_is_killed_and_comes_back_and_the_cashier_goes_on() {
    journey_from_the_door(Settings::default(), async |place| {
        let display = place.window.open_on_its_own_display();
        place.window.start().await;
        let cashier = page_besides(place, &[]).await;
        place.sign_in().await;
        let paid = shade(place, "--paid").await;
        place.press(Key::F5).await;
        place.click("hall-customer").await;
        let customer = page_besides(place, &[cashier]).await;
        place.press(Key::Escape).await;
        place.arm("T-ALONE", "9").await;

        // The driver's connection dies with any page; the cashier's own page does not.
        place.page_killed = true;
        processes::kill(customer);
        page_besides(place, &[cashier, customer]).await;
        assert!(place.window.logged().contains("the page's process ended"), "the log says so");
        place.scanner.scan(&code("50"));
        place.books(|ledger| ledger.times_taken("T-ALONE") == 1).await;

        await_colour(&display, paid, BOTH_PAID).await;
        assert!(processes::of_the_pages(&place.window.home()).contains(&cashier), "the cashier's page never ended");
    });
}

/// A colour of the style sheet in use.
async fn shade(place: &Place, name: &str) -> [u8; 3] {
    // Painted on something: the style sheet itself names a colour for each theme.
    let painted = format!(
        "(() => {{ const spot = document.createElement('i'); spot.style.color = 'var({name})'; \
           document.body.append(spot); const seen = getComputedStyle(spot).color; spot.remove(); return seen; }})()"
    );
    colour(&place.see_text(&painted).await)
}

/// Waits for a page's process, another one than these.
async fn page_besides(place: &Place, known: &[i32]) -> i32 {
    let until = Instant::now() + BACK;
    loop {
        let pages = processes::of_the_pages(&place.window.home());
        if let Some(page) = pages.into_iter().find(|page| !known.contains(page)) {
            return page;
        }
        assert!(Instant::now() < until, "no process draws the page");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
