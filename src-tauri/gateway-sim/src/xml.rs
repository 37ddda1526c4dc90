//! XML requests as a data-contract reader takes them: by case, by namespace, in ordinal order only.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::fields::{Fields, Value};
use crate::scenario::On;

const TYPES: &str = "http://schemas.datacontract.org/2004/07/";

/// What the XML form of one operation's parameter looks like (gateway-api.md §1.3, §4, §7).
struct Shape {
    root: &'static str,
    namespaces: &'static [&'static str],
    /// In ordinal order.
    members: &'static [&'static str],
}

const CHARGE: Shape = Shape {
    root: "KouDaiLQBarCodeParm",
    namespaces: &["DigitalScience.DataTransfer.Tour.V5.Parm.Pay.KouDaiLQ"],
    members: &["BusinessType", "barCode", "billNum", "cardNo", "operatorNo", "summary"],
};

const QUERY: Shape = Shape {
    root: "KouDaiLQQueryParm",
    // The reference leaves open which of the two it is.
    namespaces: &[
        "DigitalScience.DataTransfer.Tour.V5.Parm.Pay.KouDaiLQ",
        "DigitalScience.DataTransfer.Tour.V5.Parm.Pay",
    ],
    members: &["BusinessType", "autoid", "billNum", "billnum", "billtype", "operatorNo", "paytype"],
};

const BEGIN: Shape = Shape {
    root: "ValueCardRechargeBeginParm",
    namespaces: &["DigitalScience.DataTransfer.Tour.V5.Parm.ValueCard"],
    members: &[
        "Amount",
        "BillNum",
        "BusiFrom",
        "CardNo",
        "Memory",
        "PaymentTypeId",
        "Reserve1",
        "Reserve2",
        "paymentbarcode",
    ],
};

const END: Shape = Shape {
    root: "ValueCardRechargeEndParm",
    namespaces: &["DigitalScience.DataTransfer.Tour.V5.Parm.ValueCard"],
    members: &[
        "BillNum",
        "ConfirmAmount",
        "CustomerAccount",
        "Memory",
        "Openid",
        "OwnerAccount",
        "Reserve1",
        "Reserve2",
        "ThirdPartyBusiId",
    ],
};

/// Reads the members of an XML request. Members out of ordinal order, in another namespace or unknown
/// are silently lost, as the platform's reader loses them.
pub(crate) fn fields(on: On, body: &[u8]) -> Result<Fields, String> {
    let shape = match on {
        On::Charge => CHARGE,
        On::Query => QUERY,
        On::Begin => BEGIN,
        On::End => END,
        On::Warm => return Ok(Fields::default()),
    };
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut reader = NsReader::from_str(text);
    let mut read = Reading { shape, depth: 0, next: 0, open: None, fields: Fields::default() };
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(start) => read.start(&namespace, &start)?,
            Event::Empty(start) => {
                read.start(&namespace, &start)?;
                read.end();
            }
            Event::End(_) => read.end(),
            Event::Text(piece) => read.text(&piece.xml10_content()),
            Event::CData(piece) => read.text(&piece.xml10_content()),
            Event::GeneralRef(entity) => {
                let written = format!("&{};", &*entity);
                read.text(&quick_xml::escape::unescape(&written).map_err(|error| error.to_string())?);
            }
            Event::Eof if read.depth == 0 => return Ok(read.fields),
            Event::Eof => return Err("the document ends too early".to_owned()),
            _ => {}
        }
    }
}

struct Reading {
    shape: Shape,
    depth: usize,
    /// The first member that may still come.
    next: usize,
    open: Option<(usize, String)>,
    fields: Fields,
}

impl Reading {
    fn start(&mut self, namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<(), String> {
        let name = start.local_name();
        let name: &str = name.as_ref();
        self.depth += 1;
        let ours = self.in_namespace(namespace);
        match self.depth {
            1 if name != self.shape.root || !ours => Err(format!(
                "expecting element '{}' from namespace '{TYPES}{}'",
                self.shape.root, self.shape.namespaces[0]
            )),
            2 if ours && !is_nil(start) => {
                let known = self.shape.members.iter().position(|member| *member == name);
                self.open = known.filter(|at| *at >= self.next).map(|at| (at, String::new()));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn in_namespace(&self, namespace: &ResolveResult<'_>) -> bool {
        let ResolveResult::Bound(bound) = namespace else {
            return false;
        };
        let bound: &str = bound.as_ref();
        bound.strip_prefix(TYPES).is_some_and(|name| self.shape.namespaces.contains(&name))
    }

    fn text(&mut self, piece: &str) {
        if let (2, Some((_, text))) = (self.depth, &mut self.open) {
            text.push_str(piece);
        }
    }

    fn end(&mut self) {
        if let (2, Some((at, text))) = (self.depth, self.open.take()) {
            self.next = at + 1;
            self.fields.0.push((self.shape.members[at].to_owned(), Value { text, quoted: false }));
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

fn is_nil(start: &BytesStart<'_>) -> bool {
    let mut attributes = start.attributes().flatten();
    attributes
        .any(|attribute| attribute.key.local_name().as_ref() == "nil" && matches!(&*attribute.value, "true" | "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(members: &str) -> Fields {
        let body = format!(
            "<KouDaiLQBarCodeParm xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xmlns=\"{TYPES}DigitalScience.DataTransfer.Tour.V5.Parm.Pay.KouDaiLQ\">{members}</KouDaiLQBarCodeParm>"
        );
        fields(On::Charge, body.as_bytes()).expect("reads")
    }

    #[test]
    fn members_in_ordinal_order_all_arrive() {
        let read = charge(
            "<BusinessType>ToursimOrTheatreTicketBusiness</BusinessType><barCode>1</barCode>\
            <billNum>A&amp;B</billNum><cardNo i:nil=\"true\"/><operatorNo>S</operatorNo><summary>260.00</summary>",
        );
        assert_eq!(read.text("billNum"), Some("A&B"));
        assert_eq!(read.text("summary"), Some("260.00"));
        assert_eq!(read.0.len(), 5);
    }

    #[test]
    fn a_member_out_of_ordinal_order_is_silently_lost() {
        let read = charge("<billNum>T1</billNum><barCode>1</barCode><summary>1.00</summary><operatorNo>S</operatorNo>");
        assert_eq!(read.text("billNum"), Some("T1"));
        assert_eq!(read.text("barCode"), None);
        assert_eq!(read.text("operatorNo"), None);
    }

    #[test]
    fn another_letter_case_or_namespace_is_lost_and_another_root_refused() {
        let read = charge("<BillNum>T1</BillNum><summary xmlns=\"urn:x\">1.00</summary>");
        assert!(read.0.is_empty());
        assert!(fields(On::End, b"<Other/>").is_err());
    }
}
