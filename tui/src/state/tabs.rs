//! The nine tabs, and which page of the catalogue stands under which.

use super::{Screen, State};
use hutong_api::catalogue::{PageView, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    Live,
    Campaigns,
    Agents,
    Calls,
    Customers,
    Import,
    Fees,
    /// Every page without a tab of its own, in the tree of the menus.
    Settings,
    Log,
}

use Tab::*;

const ALL: [Tab; 9] = [Live, Campaigns, Agents, Calls, Customers, Import, Fees, Settings, Log];

impl Tab {
    pub const fn key(self) -> &'static str {
        match self {
            Live => "tab.live",
            Campaigns => "tab.campaigns",
            Agents => "tab.agents",
            Calls => "tab.calls",
            Customers => "tab.customers",
            Import => "tab.import",
            Fees => "tab.fees",
            Settings => "tab.settings",
            Log => "tab.log",
        }
    }
}

impl State {
    /// The screens behind the tabs of this session, in order. Of a tab with several pages, the one shown last.
    pub fn screens(&self) -> Vec<Screen> {
        ALL.into_iter().filter_map(|tab| self.screen_of(tab)).collect()
    }

    pub fn tab_of(&self, screen: &Screen) -> Tab {
        match screen {
            Screen::Live => Live,
            Screen::Campaigns => Campaigns,
            Screen::Agents => Agents,
            Screen::Import => Import,
            Screen::Log => Log,
            Screen::Page(id) => self.tab_of_page(id),
        }
    }

    fn tab_of_page(&self, id: &str) -> Tab {
        match id {
            "calls" => Calls,
            "customers" => Customers,
            "campaigns" if self.may("wall.view") => Campaigns,
            "audit" => Log,
            _ if self.view_of(id).is_some_and(|view| view.menu == "fees") => Fees,
            _ => Settings,
        }
    }

    fn screen_of(&self, tab: Tab) -> Option<Screen> {
        let wall = self.may("wall.view");
        let page = |id: &str| self.view_of(id).map(|_| Screen::Page(id.to_owned()));
        match tab {
            Live => wall.then_some(Screen::Live),
            Campaigns => wall.then_some(Screen::Campaigns),
            Agents => wall.then_some(Screen::Agents),
            Calls => page("calls"),
            Customers => page("customers"),
            Import => self.may_import().then_some(Screen::Import),
            Log => (wall || self.view_of("audit").is_some()).then_some(Screen::Log),
            Fees | Settings => {
                let pages = self.tree(tab);
                let last = self.last_pages.get(&tab).filter(|id| pages.iter().any(|p| p.id == **id));
                let id = last.cloned().or_else(|| pages.first().map(|p| p.id.clone()))?;
                Some(Screen::Page(id))
            }
        }
    }

    fn may_import(&self) -> bool {
        let import = |view: &PageView| view.actions.iter().any(|a| a.id == "import" && a.place == Place::Toolbar);
        self.view_of("customers").is_some_and(import)
    }

    /// The pages under a tab in the order of its tree: 系统设置 first, then the menus in theirs.
    pub fn tree(&self, tab: Tab) -> Vec<&PageView> {
        let mut pages: Vec<&PageView> = self.catalogue.iter().filter(|p| self.tab_of_page(&p.id) == tab).collect();
        pages.sort_by_key(|p| p.menu != "settings");
        pages
    }

    /// The tree beside the page on screen; empty where the page has a tab to itself.
    pub fn tree_here(&self) -> Vec<&PageView> {
        match self.tab_of(&self.screen) {
            tab @ (Fees | Settings) => self.tree(tab),
            _ => Vec::new(),
        }
    }

    pub fn tab_title(&self, screen: &Screen) -> String {
        self.t(self.tab_of(screen).key()).into()
    }
}
