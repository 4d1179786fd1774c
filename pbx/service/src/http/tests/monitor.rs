//! 任务监控 and 呼叫统计.

use super::Office;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// What call records of the sample come to, and what a few leads, spans and files add.
async fn filled() -> Office {
    let office = Office::open().await;
    let now = crate::desk::now();
    let sql = format!(
            "UPDATE batch SET page = 'campaigns', campaign_id = 1, rows = 1300 WHERE id = 1;
             UPDATE campaign SET attempts = 3 WHERE id = 1;
             INSERT INTO lead (company_id, campaign_id, batch_id, phone) VALUES (1, 1, 1, '15400000091'), (1, 1, 1, '15400000092');
             INSERT INTO seat_span (seat_id, started, company_id, state, ended) VALUES
               (4, {now} - 60000, 1, 'idle', {now} - 48000), (4, {now} - 48000, 1, 'ringing', {now} - 40000),
               (4, {now} - 40000, 1, 'idle', {now} - 10000), (4, {now} - 10000, 1, 'busy', NULL)"
    );
    office.sql(sql).await;
    office
}

#[tokio::test]
async fn a_task_is_watched_by_whoever_may_and_says_why_it_does_not_dial() {
    let office = filled().await;
    let supervisor = office.token(1, "supervisor").await;
    let reply = office.get("/api/monitor/1", &supervisor).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let task = reply.json();
    let funnel: Vec<_> =
        task["funnel"].as_array().unwrap().iter().map(|s| (s["title"].clone(), s["count"].clone())).collect();
    let stage = |title: &str, count: u32| (json!(title), json!(count));
    assert_eq!(
        funnel,
        [stage("名单", 1300), stage("有效", 0), stage("已呼", 36), stage("接通", 1), stage("转坐席", 0)]
    );
    assert_eq!(task["funnel"][3]["share"], json!("2.78%"));
    assert_eq!(task["why"], json!("未运行"));
    assert_eq!(
        task["causes"],
        json!([{"title": "忙", "sip": "486", "count": 1, "share": "100%", "next": "5 分后再呼（共 3 次）"}])
    );
    assert_eq!(
        task["pace"]["wait"],
        json!("近 1 小时平均空等 12 秒"),
        "the wait that ended in 示忙 is no wait for a call"
    );
    let eta = task["pace"]["eta"].as_str().unwrap();
    assert!(
        eta.starts_with("余 2 个号码，最近拨号 10 分钟里每分钟 2.0 通，约需拨 0:01") && eta.ends_with("按现在启动算"),
        "{eta}"
    );
    assert_eq!(task["facts"][1], json!(["线路", "线路"]));
    assert_eq!(task["calls_by_hour"].as_array().unwrap().len(), 24);
    for (role, path, status) in [
        ("agent", "/api/monitor/1", StatusCode::FORBIDDEN),
        ("admin", "/api/monitor/11", StatusCode::NOT_FOUND),
        ("admin", "/api/monitor/99", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(office.get(path, &office.token(1, role).await).await.status, status, "{role} {path}");
    }
}

#[tokio::test]
async fn the_report_says_a_day_s_sums_causes_and_hours() {
    let office = filled().await;
    let admin = office.token(1, "admin").await;
    let list = office.get("/api/p/call_report?q.campaign=1&q.from=1970-01-01&q.to=1970-01-01", &admin).await.json();
    let cells = &list["rows"][0]["cells"];
    let cell = |id: &str| cells[id].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        [cell("day"), cell("calls"), cell("answered"), cell("rate"), cell("to_agent"), cell("abandon_rate")],
        ["1970-01-01", "2", "1", "50%", "1", "0%"]
    );
    assert_eq!(
        [cell("ring"), cell("talk"), cell("wait"), cell("charge")],
        ["00:00:01", "00:01:00", "00:00:01", "0.300"]
    );
    let none = office.get("/api/p/call_report?q.from=1970-01-02", &admin).await.json();
    assert_eq!(none["total"], json!(0));
    let detail = async |request: Value| office.post("/api/p/call_report/action/detail", &admin, request).await;
    let text = detail(json!({"ids": [1]})).await.json()["text"].as_str().unwrap().to_owned();
    let all =
        detail(json!({"all": true, "filters": {"campaign": "1"}})).await.json()["text"].as_str().unwrap().to_owned();
    assert_eq!(text, all);
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            "合计 1 天：呼叫 2，接通 1（50%），转坐席 1，呼损 0（0%），费用 0.300 元",
            "",
            "未转坐席的原因",
            "忙 SIP 486：1（100%）",
            "",
            "时段",
            "8 时：呼叫 2，接通 1（50%）",
        ]
    );
    assert_eq!(detail(json!({"ids": [11]})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(detail(json!({"all": true, "filters": {"typo": "1"}})).await.status, StatusCode::BAD_REQUEST);
}

/// Only leads: nothing is done to the row.
#[tokio::test]
async fn a_button_that_leads_to_a_page_is_there_for_whoever_may_look_at_it() {
    let office = filled().await;
    let opens = async |role: &str| {
        let catalogue = office.get("/api/catalogue", &office.token(1, role).await).await.json();
        let page = catalogue.as_array().unwrap().iter().find(|page| page["id"] == "campaigns").cloned().unwrap();
        let leads = |action: &&Value| !action["opens"].is_null();
        page["actions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(leads)
            .map(|action| action["opens"]["page"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(opens("supervisor").await, [json!("task_numbers"), json!("call_report")]);
    assert_eq!(opens("agent").await, [json!("task_numbers")]);
    office
        .sql("UPDATE role SET permissions = replace(permissions, '\"task_numbers.view\",', '') WHERE code = 'agent'")
        .await;
    assert_eq!(opens("agent").await, Vec::<Value>::new());
}
