//! An invented office, fixed in time.

use hutong_api::{
    board::*,
    catalogue::{ActionView, ColumnView, FieldView, FilterView, Kind, PageView, Place},
    live::{Quality, RefusalText, SeatState, ServerMsg},
    page::*,
    *,
};
use hutong_console::{
    event::{Event, NetEvent, Request},
    state::State,
    text,
    theme::ThemeName,
    update::{begin, update},
    view,
};
use jiff::tz::TimeZone;
use ratatui::{
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    layout::Rect,
};

/// 2026-06-10 10:23:45 in Shanghai.
pub const NOW: i64 = 1_781_058_225_000;

pub struct Desk {
    pub state: State,
    /// Everything asked for since the last look.
    pub asked: Vec<Request>,
}

impl Desk {
    /// At the login screen.
    pub fn closed(lang: Lang, size: (u16, u16)) -> Desk {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let mut desk = Desk { state: State::new(lang, ThemeName::Dark, zone), asked: Vec::new() };
        desk.state.server = "127.0.0.1:8443".into();
        desk.feed(Event::Tick(NOW));
        desk.feed(Event::Resize(size.0, size.1));
        begin(&mut desk.state, "ab01", "", None);
        desk
    }

    /// Logged in, linked, with the whole board.
    pub fn open(lang: Lang, size: (u16, u16)) -> Desk {
        Desk::with(lang, size, &["*"])
    }

    pub fn with(lang: Lang, size: (u16, u16), permissions: &[&str]) -> Desk {
        let mut desk = Desk::closed(lang, size);
        desk.net(NetEvent::LoggedIn(Box::new(session(lang, permissions))));
        desk.net(NetEvent::LinkUp);
        desk.net(NetEvent::Catalogue(pages(lang)));
        desk.net(NetEvent::Live(ServerMsg::Board(board())));
        desk.asked.clear();
        desk
    }

    pub fn feed(&mut self, event: Event) {
        self.asked.extend(update(&mut self.state, event));
    }

    pub fn net(&mut self, event: NetEvent) {
        self.feed(Event::Net(event));
    }

    /// Types keys: plain characters, or names in angle brackets.
    pub fn press(&mut self, keys: &str) -> &mut Desk {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|r| r.split_once('>')).filter(|(name, _)| name.len() > 1);
            let (code, modifiers) = match named {
                Some((name, after)) => {
                    rest = after;
                    by_name(name)
                }
                None => {
                    rest = &rest[c.len_utf8()..];
                    (KeyCode::Char(c), KeyModifiers::NONE)
                }
            };
            self.feed(Event::Key(KeyEvent::new(code, modifiers)));
        }
        self
    }

    pub fn asked(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.asked)
    }

    pub fn buffer(&self) -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, self.state.size.0, self.state.size.1));
        view::paint(&self.state, &mut buf);
        buf
    }

    /// What answers the mouse.
    pub fn hits(&self) -> Vec<(Rect, hutong_console::event::Hit)> {
        let mut buf = Buffer::empty(Rect::new(0, 0, self.state.size.0, self.state.size.1));
        view::paint(&self.state, &mut buf).hits
    }

    pub fn shot(&self) -> String {
        text::plain(&self.buffer())
    }

    /// Answers the list requests asked for with the invented rows.
    pub fn answer_lists(&mut self) {
        for request in self.asked() {
            if let Request::List { page, tag, .. } = request {
                let reply = list(&page, self.state.lang);
                self.net(NetEvent::List { page, tag, reply });
            }
        }
    }
}

fn by_name(name: &str) -> (KeyCode, KeyModifiers) {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "F2" => KeyCode::F(2),
        _ => {
            let c = name.strip_prefix("Ctrl-").and_then(|c| c.chars().next()).expect("a key's name");
            return (KeyCode::Char(c), KeyModifiers::CONTROL);
        }
    };
    (code, KeyModifiers::NONE)
}

pub fn session(lang: Lang, permissions: &[&str]) -> Session {
    Session {
        token: Some("t".into()),
        company: "ab01".into(),
        company_name: "演示".into(),
        seat: SeatId(1),
        extension: "8000".into(),
        account: "u8000".into(),
        name: "王丽".into(),
        role: "班长".into(),
        permissions: permissions.iter().map(|p| (*p).to_owned()).collect(),
        demo: false,
        lang,
        zone: "Asia/Shanghai".into(),
    }
}

pub fn board() -> BoardMsg {
    let mut dialled_by_hour = vec![0; 24];
    dialled_by_hour[8..11].copy_from_slice(&[312, 604, 327]);
    let mut answered_by_hour = vec![0; 24];
    answered_by_hour[8..11].copy_from_slice(&[120, 262, 130]);
    BoardMsg {
        seq: 1,
        full: true,
        at: NOW,
        totals: Some(Totals {
            company: "演示".into(),
            demo: false,
            balance: Micro(1_284_600_000),
            held: Micro(1_500_000),
            unlimited: false,
            dialled: 1243,
            answered: 512,
            to_agent: 503,
            abandoned: 9,
            charged: Micro(86_400_000),
            channels: 10,
            channels_max: 30,
            dialled_by_hour,
            answered_by_hour,
            queued: 1,
            queued_oldest_ms: 3400,
        }),
        campaigns: Some(campaigns()),
        trunks: Some(trunks()),
        calls: Some(calls()),
        seats: Some(seats()),
        events: Some(vec![
            event(342, false, "console.did.start", "cs8000000"),
            event(14, true, "console.link.not_sent", ""),
        ]),
    }
}

/// Worded by the console's own texts, so that these pictures depend on no other file.
fn event(ago_s: i64, alarm: bool, key: &str, target: &str) -> EventRow {
    EventRow { at: NOW - ago_s * 1000, alarm, text_key: key.into(), args: vec![("target".into(), target.into())] }
}

fn campaigns() -> Vec<CampaignRow> {
    use CampaignStatus::*;
    [
        (537, "cs8000000", Running, IdleReason::Dialling, [1242, 386, 163, 160, 3, 6], 1),
        (536, "618回访", Running, IdleReason::AgentsOccupied, [1100, 857, 349, 340, 6, 3], 1),
        (514, "0514", Paused, IdleReason::NotRunning, [1242, 36, 1, 1, 0, 0], 1),
        (22, "22", Ready, IdleReason::NotRunning, [0, 0, 0, 0, 0, 0], 1),
        (12, "cs2", Finished, IdleReason::NotRunning, [50, 50, 36, 35, 1, 0], 2),
    ]
    .into_iter()
    .map(|(id, name, status, why, [total, dialled, answered, to_agent, abandoned, in_flight], round)| CampaignRow {
        id: CampaignId(id),
        name: name.into(),
        status,
        why,
        total,
        dialled,
        answered,
        to_agent,
        abandoned,
        in_flight,
        round,
    })
    .collect()
}

fn trunks() -> Vec<TrunkRow> {
    [
        (1, "ct-0571", true, false, 7, 20, 900, 387, 2800, None),
        (2, "cm-backup", true, false, 3, 10, 343, 130, 3400, None),
        (3, "cu-test", false, false, 0, 5, 0, 0, 0, Some("403")),
        (4, "demo-sim", true, true, 0, 99, 0, 0, 0, None),
    ]
    .into_iter()
    .map(|(id, name, up, simulated, channels, channels_max, attempts, answers, pdd_ms, fault)| TrunkRow {
        id: TrunkId(id),
        name: name.into(),
        up,
        simulated,
        channels,
        channels_max,
        attempts,
        answers,
        pdd_ms,
        fault: fault.map(str::to_owned),
    })
    .collect()
}

fn calls() -> Vec<CallRow> {
    use CallStage::*;
    [
        (91, Some(4), "谢先生", "138****8000", Some("cs8000000"), Talking, 133),
        (92, Some(7), "王女士", "139****1111", Some("618回访"), Talking, 41),
        (93, Some(11), "", "133****6061", Some("cs8000000"), Ringing, 3),
        (94, None, "", "156****0214", Some("cs8000000"), Queued, 3),
        (95, Some(2), "李先生", "170****7781", None, Talking, 320),
        (96, None, "福建厦门环岛路贸易有限公司采购部", "137****2290", Some("cs8000000"), Script, 8),
        (97, None, "", "151****9034", Some("618回访"), Dialling, 9),
    ]
    .into_iter()
    .map(|(id, seat, name, number, campaign, stage, ago)| CallRow {
        id: CallId(id),
        kind: if campaign.is_some() { CallKind::Campaign } else { CallKind::Outbound },
        stage,
        since: NOW - ago * 1000,
        seat: seat.map(SeatId),
        campaign: campaign.map(str::to_owned),
        trunk: "ct-0571".into(),
        number: number.into(),
        name: name.into(),
    })
    .collect()
}

fn seats() -> Vec<SeatRow> {
    use SeatState::*;
    [
        (4, "8004", "张敏", "业务", Talking, None, 133, Some("cs8000000"), Some(91), [46, 3772, 644], Some((18, 6, 1))),
        (7, "8007", "刘洋", "业务", Talking, None, 41, Some("618回访"), Some(92), [39, 3900, 858], Some((24, 5, 0))),
        (2, "8002", "何静", "客服", Talking, None, 320, None, Some(95), [21, 3885, 651], Some((20, 4, 0))),
        (11, "8011", "陈晨", "业务", Ringing, None, 3, Some("cs8000000"), Some(93), [51, 3570, 612], Some((12, 3, 0))),
        (1, "8001", "赵磊", "业务", WrapUp, None, 5, Some("618回访"), None, [44, 4004, 704], Some((17, 4, 0))),
        (5, "8005", "孙丽", "业务", WrapUp, None, 77, Some("cs8000000"), None, [40, 3520, 760], Some((240, 45, 8))),
        (6, "8006", "吴桐", "业务", Idle, None, 12, None, None, [33, 2904, 500], Some((19, 4, 0))),
        (9, "8009", "周倩", "客服", Busy, Some("break"), 760, None, None, [28, 3080, 560], Some((21, 4, 0))),
        (12, "8012", "吴刚", "业务", Lost, None, 31, None, None, [17, 1581, 255], None),
        (3, "8003", "郑凯", "业务", SignedOut, None, 90000, None, None, [0, 0, 0], None),
    ]
    .into_iter()
    .map(|(id, extension, name, department, state, reason, ago, campaign, call, [calls, talk, wrap], quality)| {
        SeatRow {
            id: SeatId(id),
            extension: extension.into(),
            name: name.into(),
            department: department.into(),
            state,
            reason: reason.map(str::to_owned),
            since: NOW - ago * 1000,
            campaign: campaign.map(str::to_owned),
            call: call.map(CallId),
            auto_answer: true,
            today_calls: calls,
            today_talk_s: talk,
            today_wrap_s: wrap,
            quality: quality.map(|(rtt_ms, jitter_ms, loss_permille)| Quality { rtt_ms, jitter_ms, loss_permille }),
        }
    })
    .collect()
}

fn either(lang: Lang, zh: &str, en: &str) -> String {
    if lang == Lang::Zh { zh.into() } else { en.into() }
}

pub fn pages(lang: Lang) -> Vec<PageView> {
    let w = |zh, en| either(lang, zh, en);
    let column = |id: &str, title: String, kind, width| ColumnView { id: id.into(), title, kind, width };
    let filter = |id: &str, title: String, kind| FilterView {
        id: id.into(),
        title,
        kind,
        choices: if kind == Kind::Select {
            vec![Choice { value: "answered".into(), label: either(lang, "已接听", "answered") }]
        } else {
            vec![]
        },
        options_from: None,
    };
    let field = |id: &str, title: String, kind, required| FieldView {
        id: id.into(),
        title,
        kind,
        required,
        max_chars: 40,
        choices: vec![],
        options_from: (kind == Kind::Select).then(|| "scripts".into()),
        default: String::new(),
        fixed: false,
        advanced: false,
        group: String::new(),
        hint: String::new(),
        width: 0,
        popped: true,
    };
    let action = |id: &str, title: String, place, confirm| ActionView {
        id: id.into(),
        title,
        place,
        confirm,
        asks: vec![],
        all: false,
    };
    let page = |id: &str, title: String| PageView {
        id: id.into(),
        menu: "reports".into(),
        menu_title: w("报表", "Reports"),
        title,
        columns: vec![],
        filters: vec![],
        form: vec![],
        actions: vec![],
        view: None,
    };
    vec![
        PageView {
            columns: vec![
                column("mobile", w("手机号码", "Mobile"), Kind::Phone, 14),
                column("name", w("客户名称", "Name"), Kind::Text, 12),
                column("owner", w("归属人", "Owner"), Kind::Text, 14),
                column("created", w("创建时间", "Created"), Kind::DateTime, 19),
            ],
            filters: vec![
                filter("mobile", w("手机号码", "Mobile"), Kind::Phone),
                filter("name", w("客户名称", "Name"), Kind::Text),
                FilterView {
                    choices: vec![
                        Choice { value: "3".into(), label: w("意向", "lead") },
                        Choice { value: "5".into(), label: w("意向强", "lead, keen") },
                        Choice { value: "4".into(), label: w("成交", "closed") },
                    ],
                    ..filter("category", w("客户分类", "Category"), Kind::Select)
                },
                FilterView {
                    choices: vec![],
                    options_from: Some("seats".into()),
                    ..filter("owner", w("归属人", "Owner"), Kind::Select)
                },
                filter("updated_from", w("更新-开始时间", "Updated from"), Kind::DateTime),
                filter("updated_to", w("更新-结束时间", "Updated to"), Kind::DateTime),
            ],
            form: vec![
                field("mobile", w("手机号码", "Mobile"), Kind::Phone, true),
                field("name", w("客户名称", "Name"), Kind::Text, false),
                field("hide", w("号码隐藏", "Hide number"), Kind::YesNo, false),
            ],
            actions: vec![
                action("add", w("添加", "Add"), Place::Toolbar, false),
                action("import", w("批量导入", "Import"), Place::Toolbar, false),
                action("export", w("导出", "Export"), Place::Toolbar, false),
                ActionView { all: true, ..action("delete", w("批量删除", "Delete"), Place::Selection, true) },
                action("edit", w("编辑", "Edit"), Place::Row, false),
                ActionView { all: true, ..action("pool", w("转移公共池", "To the pool"), Place::Selection, true) },
                ActionView {
                    all: true,
                    asks: vec![
                        FieldView {
                            kind: Kind::Choices,
                            hint: w("多选时平均分配。", "Several share evenly."),
                            ..field("owner", w("坐席", "Seats"), Kind::Select, true)
                        },
                        field("note", w("备注", "Note"), Kind::Text, false),
                    ],
                    ..action("assign", w("分配", "Assign"), Place::Selection, false)
                },
                action("block", w("加入黑名单", "Block"), Place::Selection, true),
            ],
            menu: "customer_cases".into(),
            menu_title: w("客户案件管理", "Customer cases"),
            ..page("customers", w("客户资料", "Customers"))
        },
        PageView {
            columns: vec![
                column("created", w("创建时间", "Created"), Kind::DateTime, 19),
                column("visit_type", w("回访类型", "Visit"), Kind::Select, 10),
                column("disposition", w("营销结果", "Result"), Kind::Select, 10),
                column("content", w("内容", "Content"), Kind::Text, 30),
            ],
            filters: vec![filter("phone", w("手机号码", "Mobile"), Kind::Phone)],
            menu: "customer_cases".into(),
            menu_title: w("客户案件管理", "Customer cases"),
            ..page("activities", w("业务记录", "Activities"))
        },
        PageView {
            columns: vec![
                column("title", w("字段名称", "Field"), Kind::Text, 12),
                column("type", w("类型", "Type"), Kind::Text, 10),
            ],
            menu: "customer_cases".into(),
            menu_title: w("客户案件管理", "Customer cases"),
            ..page("customer_fields", w("字段设置", "Field settings"))
        },
        PageView {
            form: vec![
                field("name", w("任务名称", "Task name"), Kind::Text, true),
                field("script", w("话术", "Script"), Kind::Select, true),
                field("file", w("号码文件", "Number file"), Kind::File, false),
                field("run", w("运行时段", "Run hours"), Kind::Span, false),
                field("rest", w("休息时段", "Rest hours"), Kind::Span, false),
            ],
            actions: vec![action("add", w("添加", "Add"), Place::Toolbar, false)],
            ..page("campaigns", w("呼叫任务", "Tasks"))
        },
        PageView {
            columns: vec![
                column("recording", w("录音", "Audio"), Kind::Audio, 5),
                column("started", w("呼叫时间", "Started"), Kind::DateTime, 19),
                column("caller", w("主叫", "Caller"), Kind::Text, 12),
                column("callee", w("被叫", "Callee"), Kind::Phone, 13),
                column("campaign", w("任务", "Task"), Kind::Text, 12),
                column("state", w("呼叫状态", "State"), Kind::Select, 10),
                column("sip", w("SIP", "SIP"), Kind::Number, 5),
                column("result", w("呼叫结果", "Result"), Kind::Select, 12),
                column("billable", w("计费时长", "Billable"), Kind::Duration, 9),
                column("talk", w("通话时长", "Talk"), Kind::Duration, 9),
            ],
            filters: vec![
                filter("phone", w("号码", "Number"), Kind::Phone),
                filter("state", w("呼叫状态", "State"), Kind::Select),
            ],
            actions: vec![
                action("play", w("播放", "Play"), Place::Row, false),
                action("download", w("下载", "Download"), Place::Row, false),
                action("export", w("导出", "Export"), Place::Toolbar, false),
            ],
            view: Some("player".into()),
            ..page("calls", w("通话记录", "Call records"))
        },
        PageView {
            columns: vec![
                column("name", w("角色名称", "Role"), Kind::Text, 12),
                column("about", w("描述", "About"), Kind::Text, 20),
            ],
            form: vec![
                field("name", w("角色名称", "Role"), Kind::Text, true),
                FieldView {
                    options_from: None,
                    ..field("permissions", w("权限", "Permissions"), Kind::Permissions, false)
                },
            ],
            actions: vec![
                action("add", w("添加", "Add"), Place::Toolbar, false),
                action("edit", w("编辑", "Edit"), Place::Row, false),
            ],
            menu: "seat_management".into(),
            menu_title: w("坐席管理", "Seats"),
            ..page("roles", w("角色管理", "Roles"))
        },
        PageView {
            columns: vec![
                column("date", w("日期", "Date"), Kind::Date, 10),
                column("amount", w("金额", "Amount"), Kind::Money, 10),
            ],
            menu: "fees".into(),
            menu_title: w("费用统计", "Charges"),
            ..page("charges", w("流量费用", "Usage charges"))
        },
        PageView {
            columns: vec![
                column("when", w("弹屏时机", "When"), Kind::Select, 12),
                column("url", w("弹屏地址", "Address"), Kind::Text, 30),
            ],
            form: vec![
                FieldView {
                    group: w("弹屏", "Pop"),
                    hint: w(
                        "振铃时弹出,坐席接听前就能看到客户;接通时弹出则只打扰真正接起的电话。",
                        "On ringing the agent sees the customer before he answers; on answer only real calls disturb.",
                    ),
                    choices: vec![
                        Choice { value: "ring".into(), label: w("振铃时", "on ringing") },
                        Choice { value: "answer".into(), label: w("接通时", "on answer") },
                    ],
                    options_from: None,
                    ..field("when", w("弹屏时机", "When"), Kind::Select, true)
                },
                FieldView {
                    group: w("弹屏", "Pop"),
                    hint: w("可写 {mobile}。", "May hold {mobile}."),
                    ..field("url", w("弹屏地址", "Address"), Kind::Text, false)
                },
                FieldView { advanced: true, ..field("since", w("生效日期", "Valid from"), Kind::Date, false) },
            ],
            actions: vec![action("edit", w("编辑", "Edit"), Place::Row, false)],
            menu: "settings".into(),
            menu_title: w("系统设置", "Settings"),
            ..page("popups", w("弹屏设置", "Pop-ups"))
        },
        PageView {
            columns: vec![
                column("at", w("时间", "Time"), Kind::DateTime, 19),
                column("who", w("操作人", "Who"), Kind::Text, 10),
                column("from", w("来自", "From"), Kind::Text, 16),
                column("what", w("动作", "Action"), Kind::Text, 14),
                column("object", w("对象", "Object"), Kind::Text, 20),
                column("change", w("改动", "Before -> after"), Kind::Text, 20),
            ],
            menu: "settings".into(),
            menu_title: w("系统设置", "Settings"),
            ..page("audit", w("操作日志", "Audit log"))
        },
    ]
}

pub fn list(page: &str, lang: Lang) -> ListReply {
    let row = |id: i64, actions: &[&str], cells: &[(&str, &str)]| Row {
        id,
        cells: cells.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        actions: actions.iter().map(|a| (*a).to_owned()).collect(),
    };
    let rows = if page == "calls" {
        let (answered, none) = (either(lang, "已接听", "answered"), either(lang, "未接听", "no answer"));
        let (agent, lost) = (either(lang, "转人工", "to agent"), either(lang, "未接通", "not connected"));
        (0..13)
            .map(|n| {
                let got = n % 4 != 3;
                let (started, callee) = (
                    format!("2026-06-10 10:{:02}:{:02}", 22 - n, (n * 17 + 4) % 60),
                    format!("13{}****{}", n % 10, 1111 + n * 613),
                );
                let talk = format!("00:{:02}:{:02}", n % 3, (n * 23 + 5) % 60);
                row(
                    900 - n,
                    if got { &["play", "download"] } else { &[] },
                    &[
                        ("recording", if got { "1" } else { "" }),
                        ("started", &started),
                        ("caller", "8004 张敏"),
                        ("callee", &callee),
                        ("campaign", "cs8000000"),
                        ("state", if got { &answered } else { &none }),
                        ("sip", if got { "200" } else { "480" }),
                        ("result", if got { &agent } else { &lost }),
                        ("billable", if got { &talk } else { "00:00:00" }),
                        ("talk", if got { &talk } else { "00:00:00" }),
                    ],
                )
            })
            .collect()
    } else if page == "activities" {
        let (first, keen) = (either(lang, "首次回访", "first visit"), either(lang, "愿意了解", "interested"));
        vec![row(
            71,
            &[],
            &[
                ("created", "2026-06-10 10:20:11"),
                ("visit_type", &first),
                ("disposition", &keen),
                ("content", "要资料,留微信,周三下午再联系一次,带上报价单"),
            ],
        )]
    } else if page == "roles" {
        vec![row(3, &["edit"], &[("name", "主管"), ("about", "主管权限")])]
    } else if page == "popups" {
        let when = either(lang, "振铃时", "on ringing");
        vec![row(8, &["edit"], &[("when", &when), ("url", "https://crm.example/{mobile}")])]
    } else if page == "audit" {
        let (edit, log_in) = (either(lang, "改并发", "channels"), either(lang, "登录", "log in"));
        vec![
            row(
                41,
                &[],
                &[
                    ("at", "2026-06-10 10:20:11"),
                    ("who", "u8000"),
                    ("from", "10.0.0.8"),
                    ("what", &edit),
                    ("object", "cs8000000"),
                    ("change", "15 -> 20"),
                ],
            ),
            row(40, &[], &[("at", "2026-06-10 08:52:10"), ("who", "8004"), ("from", "10.0.0.21"), ("what", &log_in)]),
        ]
    } else {
        vec![
            row(
                1,
                &["edit"],
                &[
                    ("mobile", "138****8000"),
                    ("name", "谢先生"),
                    ("owner", "8004 张敏"),
                    ("created", "2026-06-10 09:11:45"),
                ],
            ),
            row(
                2,
                &["edit"],
                &[("mobile", "139****1111"), ("name", "福建厦门环岛路贸易公司"), ("created", "2026-06-09 10:00:00")],
            ),
            row(
                3,
                &["edit"],
                &[
                    ("mobile", "15400001111"),
                    ("name", "张敏"),
                    ("owner", "8007 刘洋"),
                    ("created", "2026-06-08 16:20:00"),
                ],
            ),
        ]
    };
    let notes = if page == "customers" { vec![either(lang, "公共池 12 条", "12 in the pool")] } else { vec![] };
    let total = if page == "calls" { 163 } else { rows.len() as u64 };
    ListReply { total, rows, page: 1, size: 30, more: false, notes }
}

pub fn permissions() -> Vec<PermissionGroup> {
    let word = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
    let group =
        |menu: &str, title: &str, words: Vec<Choice>| PermissionGroup { menu: menu.into(), title: title.into(), words };
    vec![
        group(
            "客户案件管理",
            "客户资料",
            vec![word("customers.view", "查看"), word("customers.add", "添加"), word("customers.delete", "批量删除")],
        ),
        group("统计报表", "通话记录", vec![word("calls.view", "查看"), word("calls.play", "播放")]),
    ]
}

pub fn peaks() -> Peaks {
    let lane = |talks: fn(usize) -> bool| {
        (0..600)
            .map(|n| {
                let loud = if talks(n) { 30 + (n * 37 % 97) as i8 } else { 1 };
                (-loud, loud)
            })
            .collect()
    };
    Peaks { seconds: 151.0, callee: lane(|n| n / 60 % 2 == 0), agent: lane(|n| n / 60 % 2 == 1) }
}

pub fn import_status() -> hutong_api::page::ImportStatus {
    let sample = |line, raw: &str, kind: &str, text: &str| RejectSample {
        line,
        raw: raw.into(),
        kind: kind.into(),
        reason: RefusalText { code: "import.x".into(), text: text.into() },
    };
    ImportStatus {
        batch: BatchId(7),
        stage: ImportStage::Storing,
        encoding: "GB18030".into(),
        separator: ";".into(),
        bytes_read: 31_000,
        bytes_total: 48_000,
        rows: 642,
        added: 600,
        duplicate: 31,
        bad: 2,
        blocked: 9,
        samples: vec![
            sample(14, "1.39E+10", "bad", "号码被表格软件改成了科学计数,请以文本格式重新导出"),
            sample(20, "138 0013 8000", "duplicate", "与第 3 行重复"),
        ],
        refusal: None,
        undo: None,
        updated: 0,
        passwords: false,
    }
}

pub fn import_done() -> ImportStatus {
    ImportStatus {
        stage: ImportStage::Done,
        bytes_read: 48_000,
        rows: 1000,
        added: 958,
        undo: Some("import-7".into()),
        ..import_status()
    }
}

pub fn owners() -> Vec<Choice> {
    let choice = |v: &str, l: &str| Choice { value: v.into(), label: l.into() };
    vec![choice("4", "8004 张敏"), choice("7", "8007 刘洋"), choice("9", "8009 周倩")]
}

pub fn look(lang: Lang) -> ImportLook {
    let column =
        |header: &str, field: &str, remembered| LookColumn { header: header.into(), field: field.into(), remembered };
    let choice = |v: &str, zh: &str, en: &str| Choice { value: v.into(), label: either(lang, zh, en) };
    let line = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    ImportLook {
        look: "look-1".into(),
        file_name: "客户名单6月.csv".into(),
        bytes: 48_000,
        encoding: "GB18030".into(),
        separator: ",".into(),
        rows: 1000,
        columns: vec![
            column("序号", "", false),
            column("电话", "mobile", false),
            column("姓名", "name", true),
            column("单位", "", false),
        ],
        first: vec![
            line(["1", "+86 154-0000-1111", "谢先生", "杭州云栖贸易"]),
            line(["2", "15400002222", "王女士", "厦门海沧物流"]),
            line(["3", "1.54E+10", "李先生", ""]),
        ],
        fields: vec![
            choice("mobile", "手机号码", "Mobile"),
            choice("name", "客户名称", "Name"),
            choice("organisation", "公司名称", "Organisation"),
        ],
    }
}
