//! Answers in the platform's envelope, written as JSON or as data-contract XML.

use quick_xml::escape::escape;

use crate::fields::Format;
use crate::scenario::On;
use crate::switches::Case;

const TYPES: &str = "http://schemas.datacontract.org/2004/07/DigitalScience.DataTransfer";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// One answer (gateway-api.md §1.2, SEED).
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    pub errcode: i64,
    pub errmsg: String,
    pub tag: Option<PayStatus>,
}

/// The state of a payment (gateway-api.md §2.7, SEED).
#[derive(Clone, Debug)]
pub(crate) struct PayStatus {
    pub billnum: Option<String>,
    pub autoid: Option<String>,
    pub billstatus: &'static str,
    pub paystatus: String,
}

impl Envelope {
    /// An answer without a tag.
    pub fn bare(errcode: i64, errmsg: &str) -> Envelope {
        Envelope { errcode, errmsg: errmsg.to_owned(), tag: None }
    }

    /// The body of the answer to this operation.
    pub fn write(&self, on: On, format: Format, case: Case) -> String {
        match format {
            Format::Json => self.json(case),
            Format::Xml => self.xml(on),
        }
    }

    /// What is answered, in a few words.
    pub fn gist(&self) -> String {
        match &self.tag {
            None => format!("errcode {} {}", self.errcode, self.errmsg).trim_end().to_owned(),
            Some(tag) => {
                format!("errcode {} '{}' autoid {}", self.errcode, tag.paystatus, tag.autoid.as_deref().unwrap_or("-"))
            }
        }
    }

    fn json(&self, case: Case) -> String {
        let [errcode, errmsg, tag_name] = match case {
            Case::Lower => ["errcode", "errmsg", "tag"],
            Case::Pascal => ["ErrCode", "ErrMsg", "Tag"],
        };
        let tag = self.tag.as_ref().map_or_else(|| "null".to_owned(), |tag| tag.json(case));
        format!(r#"{{"{errcode}":{},"{errmsg}":{},"{tag_name}":{tag}}}"#, self.errcode, quoted(Some(&self.errmsg)))
    }

    fn xml(&self, on: On) -> String {
        let payment = matches!(on, On::Charge | On::Query);
        let root =
            if payment { "CommonOperationResultWithTagOfPayStatusResultKp9g8rEY" } else { "CommonOperationResult" };
        let prefix = if payment { format!(r#" xmlns:d2p1="{TYPES}.Tour.V5.Result.Pay""#) } else { String::new() };
        let tag = match &self.tag {
            None => format!(r#"<tag{prefix} i:nil="true"/>"#),
            Some(tag) => format!("<tag{prefix}>{}</tag>", tag.xml()),
        };
        format!(
            r#"<{root} xmlns:i="{INSTANCE}" xmlns="{TYPES}"><errcode>{}</errcode><errmsg>{}</errmsg>{tag}</{root}>"#,
            self.errcode,
            escape(self.errmsg.as_str()),
        )
    }
}

impl PayStatus {
    fn json(&self, case: Case) -> String {
        let names = match case {
            Case::Lower => ["billnum", "autoid", "billstatus", "paystatus", "paystatusdesc"],
            Case::Pascal => ["BillNum", "AutoId", "BillStatus", "PayStatus", "PayStatusDesc"],
        };
        let values = [
            self.billnum.as_deref(),
            self.autoid.as_deref(),
            Some(self.billstatus),
            Some(self.paystatus.as_str()),
            Some(self.meaning()),
        ];
        let members: Vec<String> =
            names.iter().zip(values).map(|(name, value)| format!(r#""{name}":{}"#, quoted(value))).collect();
        format!("{{{}}}", members.join(","))
    }

    /// Members in ordinal order, in the payload's own namespace (gateway-api.md §4.1).
    fn xml(&self) -> String {
        let members = [
            ("autoid", self.autoid.as_deref()),
            ("billnum", self.billnum.as_deref()),
            ("billstatus", Some(self.billstatus)),
            ("paystatus", Some(self.paystatus.as_str())),
            ("paystatusdesc", Some(self.meaning())),
        ];
        let written = members.map(|(name, value)| match value {
            Some(value) => format!("<d2p1:{name}>{}</d2p1:{name}>", escape(value)),
            None => format!(r#"<d2p1:{name} i:nil="true"/>"#),
        });
        written.concat()
    }

    fn meaning(&self) -> &'static str {
        match self.paystatus.as_str() {
            "SUCCESS" => "支付成功",
            "USERPAYING" | "WAIT_BUYER_PAY" => "等待用户输入密码",
            "NOTPAY" => "未支付",
            "PAYERROR" => "支付失败",
            "CLOSED" | "TRADE_CLOSED" => "订单已关闭",
            "REVOKED" => "订单已撤销",
            "REFUND" => "已退款",
            _ => "",
        }
    }
}

/// A JSON string, or null.
pub(crate) fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), |text| serde_json::Value::from(text).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_xml_of_a_payment_is_the_published_shape() {
        let tag = PayStatus {
            billnum: Some("T<1".to_owned()),
            autoid: Some("66|0|1".to_owned()),
            billstatus: "3",
            paystatus: "SUCCESS".to_owned(),
        };
        let text =
            Envelope { errcode: 0, errmsg: String::new(), tag: Some(tag) }.write(On::Charge, Format::Xml, Case::Lower);
        assert!(text.starts_with("<CommonOperationResultWithTagOfPayStatusResultKp9g8rEY "), "{text}");
        let body = r#"<tag xmlns:d2p1="http://schemas.datacontract.org/2004/07/DigitalScience.DataTransfer.Tour.V5.Result.Pay"><d2p1:autoid>66|0|1</d2p1:autoid><d2p1:billnum>T&lt;1</d2p1:billnum><d2p1:billstatus>3</d2p1:billstatus><d2p1:paystatus>SUCCESS</d2p1:paystatus>"#;
        assert!(text.contains(body), "{text}");
    }
}
