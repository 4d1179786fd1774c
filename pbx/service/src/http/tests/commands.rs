//! Every command of the live socket × role, against the rule written down here; and none reaches another company.

use super::{
    Office,
    live::{ask, connect, login},
};
use crate::{
    desk::sample::{self, ROLES},
    http::{openapi, serve},
};
use hutong_api::Lang;
use serde_json::Value;
use std::collections::BTreeSet;

/// Command, what it carries for own company and for another, and the word it needs ("" = none).
const RULE: &[(&str, &str, &str, &str)] = &[
    ("ping", "", "", ""),
    ("sign_in", "", "", "seat.work"),
    ("sign_out", "", "", "seat.work"),
    ("busy", r#","reason":"break""#, "", "seat.work"),
    ("idle", "", "", "seat.work"),
    ("wrap_more", "", "", "seat.work"),
    ("auto_answer", r#","on":true"#, "", "seat.work"),
    ("dial", r#","number":"15400000001""#, "", "seat.work"),
    ("answer", "", "", "seat.work"),
    ("reject", "", "", "seat.work"),
    ("hang_up", "", "", "seat.work"),
    ("dtmf", r#","key":"1""#, "", "seat.work"),
    ("opt_out", r#","call":1"#, "", "seat.work"),
    ("card_closed", r#","call":1"#, "", "seat.work"),
    ("watch_board", r#","on":true"#, "", "wall.view"),
    ("campaign_start", r#","campaign":1"#, r#","campaign":11"#, "campaigns.start"),
    ("campaign_pause", r#","campaign":1"#, r#","campaign":11"#, "campaigns.pause"),
    ("campaign_redial", r#","campaign":1"#, r#","campaign":11"#, "campaigns.redial"),
    ("campaign_delete", r#","campaign":1"#, r#","campaign":11"#, "campaigns.delete"),
    ("force_sign_in", r#","seat":4"#, r#","seat":14"#, "seats.force"),
    ("force_sign_out", r#","seat":4"#, r#","seat":14"#, "seats.force"),
    ("force_idle", r#","seat":4"#, r#","seat":14"#, "seats.force"),
    ("hang_up_call", r#","call":1"#, r#","call":11"#, "calls.hang_up"),
    ("alarm_ack", r#","at":1,"text_key":"x""#, "", "alarms.ack"),
    ("message", r#","seat":4,"text":"x""#, r#","seat":14,"text":"x""#, "seats.message"),
];

/// Commands this build knows, by the document of the interface.
fn known() -> BTreeSet<String> {
    let document = openapi::document(Lang::En);
    let commands = document["components"]["schemas"]["Command"]["oneOf"].as_array().unwrap().clone();
    let word = |command: &Value| command["properties"]["cmd"]["enum"][0].as_str().unwrap().to_owned();
    commands.iter().map(word).collect()
}

#[test]
fn every_command_has_its_rule() {
    let ruled: BTreeSet<_> = RULE.iter().map(|rule| rule.0.to_owned()).collect();
    let without: Vec<_> = known().difference(&ruled).cloned().collect();
    assert_eq!(without, Vec::<String>::new());
}

#[tokio::test]
async fn every_command_is_permitted_exactly_as_the_role_says() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let words: BTreeSet<_> = hutong_api::catalogue::permission::words().into_iter().collect();
    let known = known();
    for role in ROLES {
        let permissions = sample::who(1, role).permissions;
        let token = login(address, role).await;
        let mut socket = connect(address, &token, None).await.unwrap();
        let mut req = 0;
        for (command, own, foreign, word) in RULE.iter().filter(|rule| known.contains(rule.0)) {
            // Not built yet: nobody may, and nobody is told it was done.
            let built = word.is_empty() || words.contains(*word);
            let may = word.is_empty() || permissions.allows(word);
            req += 1;
            let code = ask(&mut socket, req, &format!(r#""cmd":"{command}"{own}"#)).await;
            if built {
                assert_eq!(code == "permission.denied", !may, "{role} {command}: {code}");
            } else {
                assert!(!code.is_empty(), "{role} {command} was done");
            }
            if !foreign.is_empty() && built {
                req += 1;
                let code = ask(&mut socket, req, &format!(r#""cmd":"{command}"{foreign}"#)).await;
                let expected = if may { "row.unknown" } else { "permission.denied" };
                assert_eq!(code, expected, "{role} {command}{foreign}");
            }
        }
    }
}
