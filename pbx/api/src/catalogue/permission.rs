//! Permission words: `<page>.view`, `<page>.<action>`, and the few that belong to no page (F96).

use super::all;
use crate::{
    Lang,
    page::{Choice, PermissionGroup},
    texts::text,
};
use std::collections::BTreeSet;

/// Words that belong to no page.
pub const EXTRA: &[&str] = &[
    "seat.work",      // sign in and take calls
    "wall.view",      // the live board of the company
    "calls.hang_up",  // end another's call
    "seats.force",    // force in, out, idle
    "seats.message",  // a line of text to an agent's page
    "alarms.ack",     // acknowledge alarms
    "numbers.unmask", // one row's number in full, where the console masks (D15)
];

/// What a role may do. `["*"]` stands for every word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    all: bool,
    words: BTreeSet<String>,
}

impl Permissions {
    pub fn of<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Permissions {
        let mut out = Permissions::default();
        for word in words {
            match word.as_ref() {
                "*" => out.all = true,
                word => drop(out.words.insert(word.to_owned())),
            }
        }
        out
    }

    /// From the role row's JSON array; what does not parse permits nothing.
    pub fn from_json(json: &str) -> Permissions {
        Permissions::of(serde_json::from_str::<Vec<String>>(json).unwrap_or_default())
    }

    pub fn allows(&self, word: &str) -> bool {
        self.all || self.words.contains(word)
    }

    /// Nobody may hand out, or act upon, more than he has himself.
    pub fn covers(&self, other: &Permissions) -> bool {
        self.all || (!other.all && other.words.iter().all(|word| self.words.contains(word)))
    }

    /// Every known word that is permitted, `*` spelled out.
    pub fn list(&self) -> Vec<String> {
        words().into_iter().filter(|word| self.allows(word)).collect()
    }
}

/// Every word there is, in menu order.
pub fn words() -> Vec<String> {
    let pages = all().iter().flat_map(|page| {
        std::iter::once(page.word("view")).chain(page.actions.iter().map(|action| page.word(action.id)))
    });
    pages.chain(EXTRA.iter().map(|word| (*word).to_owned())).collect()
}

/// The tree of 角色管理 (F96) in menu order: a group a page, a word a button, only what `mine` allows. The last group holds the
/// words of no page.
pub fn tree(lang: Lang, mine: &Permissions) -> Vec<PermissionGroup> {
    let word =
        |value: String, key: String| mine.allows(&value).then(|| Choice { value, label: text(lang, &key).into() });
    let pages = all().iter().map(|page| PermissionGroup {
        menu: text(lang, &format!("catalogue.menu.{}", page.menu)).into(),
        title: text(lang, &format!("catalogue.{}.title", page.id)).into(),
        words: std::iter::once(word(page.word("view"), "catalogue.permission.view".into()))
            .chain(
                page.actions
                    .iter()
                    .map(|action| word(page.word(action.id), format!("catalogue.{}.action.{}", page.id, action.id))),
            )
            .flatten()
            .collect(),
    });
    let floor = PermissionGroup {
        menu: text(lang, "catalogue.permission.floor").into(),
        title: text(lang, "catalogue.permission.floor").into(),
        words: EXTRA.iter().filter_map(|w| word((*w).into(), format!("catalogue.permission.{w}"))).collect(),
    };
    pages.chain([floor]).filter(|group| !group.words.is_empty()).collect()
}

/// The four roles every company starts with (F84). Names are `catalogue.role.<code>`.
#[derive(Debug)]
pub struct BuiltInRole {
    pub code: &'static str,
    /// all, department, team or own.
    pub scope: &'static str,
    pub words: &'static [&'static str],
}

pub const BUILT_IN_ROLES: &[BuiltInRole] = &[
    BuiltInRole { code: "admin", scope: "all", words: &["*"] },
    BuiltInRole {
        code: "manager",
        scope: "department",
        words: &[
            "wall.view",
            "seats.force",
            "seats.message",
            "alarms.ack",
            "numbers.unmask",
            "calls.hang_up",
            "customers.view",
            "customers.add",
            "customers.assign",
            "customers.import",
            "customers.delete",
            "customers.export",
            "customers.release",
            "customers.edit",
            "customers.owners",
            "owner_changes.view",
            "owner_changes.export",
            "public_pool.view",
            "public_pool.claim",
            "activities.view",
            "activities.export",
            "callbacks.view",
            "callbacks.export",
            "callbacks.done",
            "callbacks.edit",
            "callbacks.drop",
            "imports.view",
            "imports.export",
            "imports.undo",
            "imports.rejects",
            "campaigns.view",
            "campaigns.add",
            "campaigns.edit",
            "campaigns.delete",
            "campaigns.export",
            "campaigns.start",
            "campaigns.pause",
            "campaigns.append",
            "campaigns.redial",
            "campaigns.what_if",
            "campaigns.dry_run",
            "campaigns.results",
            "campaigns.report",
            "campaigns.monitor",
            "attempts.view",
            "task_numbers.view",
            "task_numbers.export",
            "attempts.export",
            "call_report.view",
            "call_report.detail",
            "call_report.export",
            "preview_tasks.view",
            "preview_tasks.add",
            "preview_tasks.edit",
            "preview_tasks.delete",
            "preview_tasks.export",
            "preview_tasks.start",
            "preview_tasks.pause",
            "preview_tasks.append",
            "preview_tasks.redial",
            "my_tasks.view",
            "customers.preview",
            "calls.view",
            "calls.play",
            "calls.download",
            "calls.export",
            "scripts.view",
            "seats.view",
            "seats.export",
            "seats.numbers",
        ],
    },
    BuiltInRole {
        code: "supervisor",
        scope: "team",
        words: &[
            "wall.view",
            "seats.force",
            "seats.message",
            "alarms.ack",
            "numbers.unmask",
            "calls.hang_up",
            "customers.view",
            "customers.add",
            "customers.assign",
            "customers.import",
            "customers.edit",
            "customers.owners",
            "owner_changes.view",
            "public_pool.view",
            "public_pool.claim",
            "activities.view",
            "activities.export",
            "callbacks.view",
            "callbacks.export",
            "callbacks.done",
            "callbacks.edit",
            "callbacks.drop",
            "imports.view",
            "imports.export",
            "imports.undo",
            "imports.rejects",
            "campaigns.view",
            "campaigns.add",
            "campaigns.edit",
            "campaigns.delete",
            "campaigns.export",
            "campaigns.start",
            "campaigns.pause",
            "campaigns.append",
            "campaigns.redial",
            "campaigns.what_if",
            "campaigns.dry_run",
            "campaigns.results",
            "campaigns.report",
            "campaigns.monitor",
            "attempts.view",
            "attempts.export",
            "task_numbers.view",
            "call_report.view",
            "call_report.detail",
            "call_report.export",
            "opt_outs.view",
            "campaign_defaults.view",
            "campaign_defaults.edit",
            "preview_tasks.view",
            "preview_tasks.add",
            "preview_tasks.edit",
            "preview_tasks.delete",
            "preview_tasks.export",
            "preview_tasks.start",
            "preview_tasks.pause",
            "preview_tasks.append",
            "preview_tasks.redial",
            "my_tasks.view",
            "customers.preview",
            "calls.view",
            "calls.play",
            "calls.download",
            "calls.export",
            "agent_groups.view",
            "agent_groups.add",
            "agent_groups.edit",
            "agent_groups.delete",
            "agent_groups.export",
            "scripts.view",
            "scripts.add",
            "scripts.edit",
            "scripts.delete",
            "trunks.view",
            "blocklist.view",
            "blocklist.add",
            "blocklist.add_many",
            "blocklist.edit",
            "blocklist.delete",
            "blocklist.export",
        ],
    },
    BuiltInRole {
        code: "agent",
        scope: "own",
        words: &[
            "seat.work",
            "customers.view",
            "customers.add",
            "customers.release",
            "customers.dial",
            "customers.edit",
            "public_pool.view",
            "public_pool.claim",
            "activities.view",
            "callbacks.view",
            "callbacks.dial",
            "callbacks.done",
            "callbacks.edit",
            "callbacks.drop",
            "campaigns.view",
            "campaigns.results",
            "attempts.view",
            "task_numbers.view",
            "preview_tasks.view",
            "preview_tasks.add",
            "preview_tasks.edit",
            "preview_tasks.start",
            "preview_tasks.pause",
            "preview_tasks.append",
            "my_tasks.view",
            "my_tasks.dial",
            "my_tasks.next",
            "my_tasks.redial",
            "my_tasks.paste",
            "customers.preview",
            "calls.view",
            "calls.play",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_roles_use_only_words_that_exist() {
        let known = words();
        for role in BUILT_IN_ROLES {
            for word in role.words.iter().filter(|word| **word != "*") {
                assert!(known.iter().any(|k| k == word), "{}: {word}", role.code);
            }
        }
    }

    /// F115: the groups of the menu by role, in the manual's order. 系统设置 is 管理员's but for what is a supervisor's trade.
    #[test]
    fn each_built_in_role_has_the_menu_that_the_manual_gives_it() {
        let pages = |code: &str| {
            let role = BUILT_IN_ROLES.iter().find(|role| role.code == code).map_or(&[][..], |role| role.words);
            crate::catalogue::views(Lang::Zh, &Permissions::of(role))
        };
        let groups = |code: &str| {
            let mut groups: Vec<String> = pages(code).into_iter().map(|page| page.menu_title).collect();
            groups.dedup();
            groups
        };
        // Groups that no page is in yet are no menu.
        let shown = |wanted: &[&str]| -> Vec<String> {
            let all = groups("admin");
            wanted.iter().filter(|group| all.iter().any(|one| one == *group)).map(|group| (*group).to_owned()).collect()
        };
        let first = ["客户案件管理", "预测式外呼", "预览式外呼", "统计报表"];
        let rest = ["坐席管理", "组织机构", "公告管理", "费用统计", "系统设置"];
        assert_eq!(groups("admin"), shown(&[&first[..], &rest[..]].concat()));
        assert_eq!(groups("agent"), shown(&first));
        assert_eq!(groups("manager"), shown(&[&first[..], &["坐席管理"]].concat()));
        assert_eq!(groups("supervisor"), shown(&[&first[..], &["系统设置"]].concat()));
        let settings: Vec<String> =
            pages("supervisor").into_iter().filter(|page| page.menu == "settings").map(|page| page.id).collect();
        assert_eq!(settings, ["trunks", "blocklist", "opt_outs"]);
        // 添加, 导出 and the like are as the rows of the manual say: a few that are easily lost.
        let may = |code: &str, word: &str| {
            let role = BUILT_IN_ROLES.iter().find(|role| role.code == code).map_or(&[][..], |role| role.words);
            Permissions::of(role).allows(word)
        };
        for (word, who) in [
            ("scripts.edit", "supervisor"),
            ("blocklist.add", "supervisor"),
            ("customers.delete", "manager"),
            ("customers.assign", "manager supervisor"),
            ("customers.export", "manager"),
            ("calls.export", "manager supervisor"),
            ("imports.rejects", "manager supervisor"),
            ("wall.view", "manager supervisor"),
            ("campaigns.monitor", "manager supervisor"),
            ("call_report.export", "manager supervisor"),
            ("owner_changes.view", "manager supervisor"),
            ("seats.view", "manager"),
            ("audit.view", ""),
            ("notices.view", ""),
            ("prompts.view", ""),
            ("x_pairs.view", ""),
            ("charges.view", ""),
        ] {
            for code in ["manager", "supervisor", "agent"] {
                assert_eq!(may(code, word), who.split(' ').any(|one| one == code), "{code} {word}");
            }
            assert!(may("admin", word));
        }
    }

    #[test]
    fn no_word_is_written_twice() {
        let mut known = words();
        known.sort();
        let all = known.len();
        known.dedup();
        assert_eq!(known.len(), all);
    }

    #[test]
    fn nobody_covers_more_than_he_has() {
        let (admin, agent) = (Permissions::of(["*"]), Permissions::of(["calls.view"]));
        assert!(admin.covers(&agent) && admin.covers(&admin) && agent.covers(&agent));
        assert!(!agent.covers(&admin) && !agent.covers(&Permissions::of(["seats.edit"])));
        assert!(agent.covers(&Permissions::default()) && !agent.allows("*"));
        assert_eq!(Permissions::from_json("nonsense").list(), Vec::<String>::new());
    }
}
