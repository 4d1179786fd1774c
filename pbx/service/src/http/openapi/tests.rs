#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use hutong_api::catalogue;
use std::collections::BTreeSet;

#[test]
fn the_document_in_the_repository_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/openapi.json");
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == text(Lang::En), "data/openapi.json is stale: run `make contract`");
}

#[test]
fn every_reference_leads_to_a_schema_and_every_operation_has_its_own_id() {
    let document = document(Lang::Zh);
    let mut refs = BTreeSet::new();
    collect(&document, &mut refs);
    assert!(refs.len() > 40, "{refs:?}");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for refers in refs {
        let name = refers.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.contains_key(name), "{refers}");
    }
    let ids: Vec<_> =
        operations(&document).iter().map(|made| made["operationId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn every_page_has_its_list_its_buttons_and_its_form() {
    let document = document(Lang::En);
    let paths = &document["paths"];
    for page in catalogue::all() {
        let list = &paths[format!("/p/{}", page.id)]["get"];
        let names: BTreeSet<_> =
            list["parameters"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
        for filter in page.filters {
            assert!(names.contains(format!("q.{}", filter.id).as_str()), "{}.{}", page.id, filter.id);
        }
        for action in page.actions {
            let has = |path: String, verb: &str| paths[path][verb].is_object();
            let there = match action.id {
                "add" => has(format!("/p/{}", page.id), "post"),
                "edit" => has(format!("/p/{}/{{id}}", page.id), "post"),
                "export" => has(format!("/p/{}/export", page.id), "get"),
                "import" | "append" | "play" | "download" | "upload" => true,
                other => has(format!("/p/{}/action/{other}", page.id), "post"),
            };
            assert!(there, "{}.{}", page.id, action.id);
        }
    }
}

#[test]
fn a_form_says_what_its_fields_say() {
    let document = document(Lang::En);
    let schemas = &document["components"]["schemas"];
    let new = &schemas["SeatsNew"];
    assert!(new["required"].as_array().unwrap().contains(&json!("extension")));
    assert_eq!(new["properties"]["extension"]["maxLength"], json!(8));
    assert_eq!(new["properties"]["level"]["enum"], json!(["normal", "senior", "expert", ""]));
    assert_eq!(new["properties"]["department"]["x-rows"], json!("departments"));
    assert!(schemas["SeatsForm"]["properties"]["extension"].is_null(), "fixed after it is made");
    assert!(schemas["SeatsForm"]["required"].is_null());
    let sort = &document["paths"]["/p/seats"]["get"]["parameters"];
    let sort = sort.as_array().unwrap().iter().find(|p| p["name"] == "sort").unwrap();
    assert!(sort["schema"]["enum"].as_array().unwrap().contains(&json!("-name")));
}

/// The live protocol has no paths, but its messages are part of the contract.
#[test]
fn the_live_messages_are_among_the_components() {
    let document = document(Lang::En);
    let schemas = &document["components"]["schemas"];
    for name in ["ClientMsg", "ServerMsg", "Command", "SeatView", "Pop", "BoardMsg", "ImportStatus"] {
        assert!(schemas[name].is_object(), "{name}");
    }
    let commands = schemas["Command"]["oneOf"].as_array().unwrap();
    assert!(commands.iter().any(|c| c["properties"]["cmd"]["enum"] == json!(["force_sign_out"])), "{commands:?}");
}

fn operations(document: &Value) -> Vec<&Value> {
    let paths = document["paths"].as_object().unwrap().values();
    paths.flat_map(|item| item.as_object().unwrap().values()).collect()
}

fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| collect(value, into));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, into)),
        _ => {}
    }
}
