// Made from data/openapi.json by `npm run api-types`. Not to be changed by hand.

export interface paths {
    "/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Save the record of a call */
        post: operations["activity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pages this role may see */
        get: operations["catalogue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/file/{page}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A row's own file (voice prompts) */
        get: operations["file"];
        put?: never;
        /** Upload a row's own file (voice prompts) as a new version */
        post: operations["file_put"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it runs */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Home */
        get: operations["home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{batch}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State of an import */
        get: operations["import_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{batch}/passwords": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Passwords of new seats */
        get: operations["passwords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{batch}/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rejected rows */
        get: operations["rejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import a file */
        post: operations["import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{page}/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look at a file to import; nothing is stored */
        post: operations["import_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/import/{page}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Import a file looked at before */
        post: operations["import_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live socket */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log out */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The session */
        get: operations["me"];
        put?: never;
        /** Change the language of the session */
        post: operations["speak"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change one's own password */
        post: operations["password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/monitor/{campaign}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One task as it stands now */
        get: operations["monitor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notices that are up for the asker */
        get: operations["notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A notice was read */
        post: operations["notice_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/numbers/{page}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One row's numbers in full, where the console masks; each look is in the audit log */
        post: operations["numbers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tree of permissions */
        get: operations["permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The seat's phone connection */
        post: operations["phone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recording/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recording */
        get: operations["recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recording/{call}/peaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Waveform of a recording */
        get: operations["peaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/template/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Import template */
        get: operations["template"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/texts/{lang}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Texts of the faces */
        get: operations["texts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/undo/{what}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back an import, an assignment … */
        post: operations["undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings of an agent's workbench */
        get: operations["work"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActionReply: {
            /**
             * Format: int32
             * @description Rows changed.
             */
            done: number;
            refused?: [
                number,
                {
                    code: string;
                    text: string;
                }
            ][];
            /** @description What was done, where "done N" does not say it. */
            text?: string;
            /** @description What POST /api/undo/{id} takes back, e.g. "assign-7". */
            undo?: string;
        };
        ActionRequest: {
            /** @description Every row that `filters` find, instead of `ids`; where the action says so. */
            all?: boolean;
            /** @description Values of what the action asks. */
            args?: {
                [key: string]: string;
            };
            filters?: {
                [key: string]: string;
            };
            ids?: number[];
        };
        ActionView: {
            all?: boolean;
            asks?: components["schemas"]["FieldView"][];
            confirm: boolean;
            id: string;
            /** @description The button only leads to this page, its filter set to the row's id. */
            opens?: components["schemas"]["OpensView"];
            place: components["schemas"]["Place"];
            title: string;
        };
        ActivityRequest: {
            call: components["schemas"]["CallId"];
            /** @description 预约回访: date and time in the company's zone; empty = none. */
            callback_at?: string;
            /** @description Changed card fields: field id → value. */
            card?: {
                [key: string]: string;
            };
            content: string;
            disposition: string;
            /** @description Further fields of the project's form (项目界面): field id → value. */
            fields?: {
                [key: string]: string;
            };
            /** @description 保存并空闲 */
            then_idle?: boolean;
            /** @description 回访类型, 营销结果: choice codes of the default form. */
            visit_type: string;
        };
        /** @description An alarm that somebody has acknowledged. Alarms of one kind in the same millisecond are one. */
        AlarmAck: {
            /**
             * Format: int64
             * @description Epoch ms.
             */
            at: number;
            /** @description name(extension) */
            by: string;
            /**
             * Format: int64
             * @description `at` and `text_key` of its `EventRow`.
             */
            event_at: number;
            text_key: string;
        };
        /**
         * Format: int64
         * @description One import of rows into a campaign or the customer list; undo works on it.
         */
        BatchId: number;
        /**
         * @description `seq` counts up by one per message of a socket. `full` carries every section and starts over;
         *     otherwise only changed sections are present. A reader that sees a gap asks WatchBoard again.
         */
        BoardMsg: {
            /** @description Which of the shown alarms are acknowledged. */
            acks?: components["schemas"]["AlarmAck"][];
            /**
             * Format: int64
             * @description Epoch ms of the service.
             */
            at: number;
            calls?: components["schemas"]["CallRow"][];
            campaigns?: components["schemas"]["CampaignRow"][];
            /** @description New events, oldest first (a full message: the last 100). */
            events?: components["schemas"]["EventRow"][];
            full: boolean;
            seats?: components["schemas"]["SeatRow"][];
            /** Format: int64 */
            seq: number;
            totals?: components["schemas"]["Totals"];
            trunks?: components["schemas"]["TrunkRow"][];
        };
        BusyReason: {
            /** @description What `Command::Busy` carries. */
            code: string;
            /** @description "#rrggbb". */
            colour: string;
            label: string;
            /**
             * Format: int32
             * @description Longest span in minutes, 0 = no limit.
             */
            max_minutes: number;
        };
        /**
         * Format: int64
         * @description One call: from the decision to dial to its CDR. Minted by the engine.
         */
        CallId: number;
        /** @enum {string} */
        CallKind: "outbound" | "campaign" | "preview";
        CallRow: {
            campaign: string | null;
            id: components["schemas"]["CallId"];
            kind: components["schemas"]["CallKind"];
            /** @description 客户名称 of the list row or customer. */
            name: string;
            /** @description Masked. */
            number: string;
            seat: components["schemas"]["SeatId"] | null;
            /**
             * Format: int64
             * @description Epoch ms when this stage began.
             */
            since: number;
            stage: components["schemas"]["CallStage"];
            trunk: string;
        };
        /** @enum {string} */
        CallStage: "dialling" | "ringing" | "script" | "queued" | "talking";
        /** @enum {string} */
        CallState: "not_called" | "calling" | "answered" | "no_answer" | "busy" | "rejected" | "vacant" | "unreachable" | "powered_off" | "suspended" | "timed_out" | "line_fault" | "blocked" | "capped" | "off_hours";
        /**
         * Format: int64
         * @description 任务.
         */
        CampaignId: number;
        CampaignRow: {
            /** Format: int32 */
            abandoned: number;
            /** Format: int32 */
            answered: number;
            /** Format: int32 */
            dialled: number;
            id: components["schemas"]["CampaignId"];
            /**
             * Format: int32
             * @description Live legs now.
             */
            in_flight: number;
            name: string;
            pace: components["schemas"]["PaceRow"];
            /** Format: int32 */
            round: number;
            status: components["schemas"]["CampaignStatus"];
            /** Format: int32 */
            to_agent: number;
            /**
             * Format: int32
             * @description 总数, 已呼, 接通 (D13, D21), to agent, 呼损.
             */
            total: number;
            why: components["schemas"]["IdleReason"];
        };
        /** @enum {string} */
        CampaignStatus: "ready" | "running" | "paused" | "finished";
        Choice: {
            label: string;
            value: string;
        };
        ClientMsg: components["schemas"]["Command"] & {
            /**
             * Format: int32
             * @description Chosen by the client; echoed in the reply.
             */
            req: number;
        };
        ColumnView: {
            id: string;
            kind: components["schemas"]["Kind"];
            title: string;
            /** Format: int32 */
            width: number;
        };
        /** @description What a person asks for. The first group is an agent's own seat, the second a supervisor's. */
        Command: {
            /** @enum {string} */
            cmd: "ping";
            quality?: components["schemas"]["Quality"] | null;
        } | {
            /** @enum {string} */
            cmd: "sign_in";
        } | {
            /** @enum {string} */
            cmd: "sign_out";
        } | {
            /** @enum {string} */
            cmd: "busy";
            reason: string;
        } | {
            /** @enum {string} */
            cmd: "idle";
        } | {
            /** @enum {string} */
            cmd: "wrap_more";
        } | {
            /** @enum {string} */
            cmd: "auto_answer";
            on: boolean;
        } | {
            call: components["schemas"]["CallId"];
            /** @enum {string} */
            cmd: "card_closed";
        } | {
            /** @enum {string} */
            cmd: "dial";
            number: string;
        } | {
            /** @enum {string} */
            cmd: "answer";
        } | {
            /** @enum {string} */
            cmd: "reject";
        } | {
            /** @enum {string} */
            cmd: "hang_up";
        } | {
            call: components["schemas"]["CallId"];
            /** @enum {string} */
            cmd: "opt_out";
        } | {
            /** @enum {string} */
            cmd: "dtmf";
            key: string;
        } | {
            /** @enum {string} */
            cmd: "watch_board";
            on: boolean;
        } | {
            campaign: components["schemas"]["CampaignId"];
            /** @enum {string} */
            cmd: "campaign_start";
        } | {
            campaign: components["schemas"]["CampaignId"];
            /** @enum {string} */
            cmd: "campaign_pause";
        } | {
            campaign: components["schemas"]["CampaignId"];
            /** @enum {string} */
            cmd: "campaign_redial";
        } | {
            campaign: components["schemas"]["CampaignId"];
            /** @enum {string} */
            cmd: "campaign_delete";
        } | {
            /** @enum {string} */
            cmd: "force_sign_in";
            seat: components["schemas"]["SeatId"];
        } | {
            /** @enum {string} */
            cmd: "force_sign_out";
            seat: components["schemas"]["SeatId"];
        } | {
            /** @enum {string} */
            cmd: "force_idle";
            seat: components["schemas"]["SeatId"];
        } | {
            call: components["schemas"]["CallId"];
            /** @enum {string} */
            cmd: "hang_up_call";
        } | {
            /** @enum {string} */
            cmd: "message";
            seat: components["schemas"]["SeatId"];
            text: string;
        } | {
            /** Format: int64 */
            at: number;
            /** @enum {string} */
            cmd: "alarm_ack";
            text_key?: string;
        };
        Created: {
            /** Format: int64 */
            id: number;
            /** @description What came of it besides, e.g. how many pasted numbers were taken. */
            text?: string;
        };
        /** Format: int64 */
        CustomerId: number;
        /** @description One line of the event pane. `text_key` is filled with `args`, so each reader sees his own language. */
        EventRow: {
            alarm: boolean;
            args: [
                string,
                string
            ][];
            /** Format: int64 */
            at: number;
            /** @description `call.event.*` */
            text_key: string;
        };
        FailureCause: {
            /** Format: int32 */
            count: number;
            /** @description What happens to these numbers next. */
            next: string;
            /** @description Of all that failed. */
            share: string;
            /** @description SIP status, empty where there was none. */
            sip: string;
            title: string;
        };
        FieldView: {
            advanced: boolean;
            choices: components["schemas"]["Choice"][];
            default: string;
            fixed: boolean;
            /** @description Heading of its group, as shown. */
            group?: string;
            hint?: string;
            id: string;
            kind: components["schemas"]["Kind"];
            /** Format: int32 */
            max_chars: number;
            options_from: string | null;
            /** @description 是否弹屏显示: on the card of a call. Only a company's overlay says no. */
            popped?: boolean;
            required: boolean;
            title: string;
            /**
             * Format: int32
             * @description 控件长度 in pixels; 0 = by kind.
             */
            width?: number;
        };
        FilterView: {
            choices: components["schemas"]["Choice"][];
            id: string;
            kind: components["schemas"]["Kind"];
            options_from: string | null;
            title: string;
        };
        FunnelStage: {
            /** Format: int32 */
            count: number;
            /** @description Of the stage before, as "42.2%"; empty for the first. */
            share: string;
            title: string;
        };
        /** @description 首页 (F4–F8). */
        Home: {
            answered_by_hour: number[];
            /** @description Admin's cards; absent without the permission. */
            balance?: components["schemas"]["Micro"];
            /**
             * Format: int32
             * @description 待回访: promises to call again that are due by tonight, within reach.
             */
            callbacks_today: number;
            /** @description Calls and answers per local hour: own for an agent, the scope's otherwise. */
            calls_by_hour: number[];
            /** @description Charges per local day, oldest first: (date, amount). */
            charges_by_day?: [
                string,
                number
            ][];
            /**
             * Format: int64
             * @description 最后登陆时间: the previous login, epoch ms.
             */
            last_login: number | null;
            /** Format: int32 */
            my_campaigns: number;
            /** Format: int32 */
            new_activities_today: number;
            /** Format: int32 */
            new_customers_today: number;
        };
        /**
         * @description Why a running campaign is not dialling this second: exactly one (invariant 7). Texts `call.idle.*`.
         * @enum {string}
         */
        IdleReason: "dialling" | "not_running" | "off_hours" | "holiday" | "rest" | "hard_stop" | "no_agent" | "agents_occupied" | "channels_full" | "trunk_down" | "numbers_spent" | "no_balance" | "spend_cap" | "waiting" | "finishing" | "loading" | "storage" | "by_hand";
        /** @description A file as understood before anything is stored; the person may change the mapping. */
        ImportLook: {
            /** Format: int64 */
            bytes: number;
            /** @description The sheet's columns in order. */
            columns: components["schemas"]["LookColumn"][];
            encoding: string;
            /** @description Fields a column may be given to; "" (ignore) is always one more. */
            fields: components["schemas"]["Choice"][];
            file_name: string;
            /** @description The first rows (at most 8): each cell as it stands there. */
            first: string[][];
            /** @description Names the spooled file for `run`, for an hour. */
            look: string;
            /** Format: int32 */
            rows: number;
            separator: string;
        };
        /** @enum {string} */
        ImportStage: "reading" | "storing" | "done" | "refused";
        /** @description Rows by what became of them; their sum is `rows` (invariant 5). */
        ImportStatus: {
            /** Format: int32 */
            added: number;
            /** Format: int32 */
            bad: number;
            batch: components["schemas"]["BatchId"];
            /** Format: int32 */
            blocked: number;
            /** Format: int64 */
            bytes_read: number;
            /** Format: int64 */
            bytes_total: number;
            /** Format: int32 */
            duplicate: number;
            /** @description "UTF-8", "UTF-8 BOM" or "GB18030"; ',' ';' or tab as a word. */
            encoding: string;
            /** @description Seats were made: GET /api/import/{batch}/passwords gives their passwords, once, to whoever imported them. */
            passwords?: boolean;
            refusal?: components["schemas"]["RefusalText"];
            /** Format: int32 */
            rows: number;
            /** @description First rejects for the screen (at most 20): line, raw cell, what became of it, reason text. */
            samples?: components["schemas"]["RejectSample"][];
            separator: string;
            stage: components["schemas"]["ImportStage"];
            /** @description What POST /api/undo takes, while the import can be undone as a whole (24 hours). */
            undo?: string;
            /**
             * Format: int32
             * @description Rows that changed a customer that was there (merge, overwrite); they count as duplicate, too.
             */
            updated?: number;
        };
        ImportWish: {
            campaign?: components["schemas"]["CampaignId"] | null;
            /** @description Field id of each column in order, "" = ignored. Empty = as looked. */
            columns?: string[];
            /** @description Customers that exist already: "skip" (the default), "merge" (fill what is empty) or "overwrite". */
            existing?: string;
            look: string;
            /** @description Seats the new customers are dealt to evenly; empty = nobody's (公共池) or the importing agent's own. */
            owners?: components["schemas"]["SeatId"][];
            sync?: boolean;
        };
        /** @enum {string} */
        Kind: "text" | "long_text" | "number" | "money" | "date_time" | "span" | "date" | "duration" | "phone" | "select" | "choices" | "permissions" | "yes_no" | "password" | "file" | "percent" | "audio";
        /** @enum {string} */
        Lang: "zh-CN" | "en";
        ListReply: {
            /** @description `total` stopped counting: there are at least so many. Ask again with `exact=1` for the number. */
            more?: boolean;
            /** @description Sentences beside the toolbar, e.g. 可用号码: 1个 (F81). */
            notes?: string[];
            /** Format: int32 */
            page: number;
            rows: components["schemas"]["Row"][];
            /** Format: int32 */
            size: number;
            /**
             * Format: int64
             * @description 共 N 条.
             */
            total: number;
        };
        LoginRequest: {
            /** @description 账号 */
            account: string;
            /** @description 公司账号 */
            company: string;
            lang?: components["schemas"]["Lang"];
            /** @description 密码 */
            password: string;
        };
        LookColumn: {
            /** @description Field id it is taken for, or "". */
            field: string;
            header: string;
            /** @description Known from an earlier import of the same shape, not by its header. */
            remembered?: boolean;
        };
        /**
         * Format: int64
         * @description An amount in micro-yuan (1 yuan = 1,000,000).
         */
        Micro: number;
        /** @description 公告 as its reader sees it. */
        Notice: {
            /**
             * Format: int64
             * @description Epoch ms.
             */
            at: number;
            body: string;
            by: string;
            /** Format: int64 */
            id: number;
            read: boolean;
            title: string;
            /** @description Shown as a modal until read. */
            urgent: boolean;
        };
        OpensView: {
            filter: string;
            page: string;
        };
        /** @description What a task's pacing sees. */
        PaceRow: {
            /**
             * Format: int32
             * @description Agents of its group: signed in, and free.
             */
            agents: number;
            /**
             * Format: int32
             * @description Calls of the group's tasks that no agent has yet.
             */
            flights: number;
            /** Format: int32 */
            free: number;
            /** Format: int32 */
            lost: number;
            /** Format: int32 */
            lost_before: number;
            /**
             * Format: int32
             * @description Answered calls that reached an agent in time and that did not, today and in the thirty days before (X2).
             */
            served: number;
            /** Format: int32 */
            served_before: number;
        };
        /** @description A page as sent to a session: texts filled in, only what its role permits. */
        PageView: {
            actions: components["schemas"]["ActionView"][];
            columns: components["schemas"]["ColumnView"][];
            filters: components["schemas"]["FilterView"][];
            form: components["schemas"]["FieldView"][];
            id: string;
            menu: string;
            menu_title: string;
            title: string;
            view?: string;
        };
        PasswordChange: {
            new: string;
            old: string;
        };
        /** @description Waveform of a recording: 600 pairs (min, max) a lane, -127..=127. */
        Peaks: {
            agent: [
                number,
                number
            ][];
            callee: [
                number,
                number
            ][];
            /** Format: double */
            seconds: number;
        };
        /** @description One page of the permission tree with its words in the order of its buttons. */
        PermissionGroup: {
            /** @description Menu heading. */
            menu: string;
            title: string;
            /** @description value = permission word, label = its button. */
            words: components["schemas"]["Choice"][];
        };
        PhoneAnswer: {
            sdp: string;
        };
        PhoneOffer: {
            sdp: string;
        };
        /** @enum {string} */
        Place: "toolbar" | "selection" | "row";
        /** @description 弹屏. */
        Pop: {
            call: components["schemas"]["CallId"];
            campaign?: string;
            /** @description Card fields: catalogue field id → value. */
            card: {
                [key: string]: string;
            };
            /** @description The customer known by this number, or the blank card with the list row's name. */
            customer?: components["schemas"]["CustomerId"];
            /** @description The 业务记录 form of the customer's or the campaign's project (项目界面); empty = the page's own form. */
            form?: components["schemas"]["FieldView"][];
            kind: components["schemas"]["CallKind"];
            /** @description Number as this seat may see it (masked where 号码隐藏 is on). */
            number: string;
            /** @description 弹屏设置's URL template, filled in; opened in a tab of its own. */
            url?: string;
        };
        Quality: {
            /** Format: int32 */
            jitter_ms: number;
            /** Format: int32 */
            loss_permille: number;
            /** Format: int32 */
            rtt_ms: number;
        };
        /** @description A refusal with its sentence in the session's language. */
        RefusalText: {
            code: string;
            text: string;
        };
        RejectSample: {
            /** @description "duplicate", "bad" or "blocked". */
            kind: string;
            /**
             * Format: int32
             * @description 1 = the first line of the file.
             */
            line: number;
            raw: string;
            reason: components["schemas"]["RefusalText"];
        };
        Row: {
            /** @description Row actions allowed now. */
            actions?: string[];
            /** @description Column id → text as shown, already masked, translated and formatted. */
            cells: {
                [key: string]: string;
            };
            /** Format: int64 */
            id: number;
        };
        RowReply: {
            /** Format: int64 */
            id: number;
            values: {
                [key: string]: string;
            };
        };
        /**
         * Format: int64
         * @description 坐席: a seat and the person who works it. Its 坐席号 (extension) is a text beside this id.
         */
        SeatId: number;
        SeatRow: {
            auto_answer: boolean;
            call: components["schemas"]["CallId"] | null;
            campaign: string | null;
            department: string;
            /** @description 坐席号. */
            extension: string;
            id: components["schemas"]["SeatId"];
            name: string;
            quality: components["schemas"]["Quality"] | null;
            reason: string | null;
            /** Format: int64 */
            since: number;
            state: components["schemas"]["SeatState"];
            /** Format: int32 */
            today_calls: number;
            /** Format: int32 */
            today_talk_s: number;
            /** Format: int32 */
            today_wrap_s: number;
        };
        /** @enum {string} */
        SeatState: "signed_out" | "idle" | "busy" | "ringing" | "talking" | "wrap_up" | "lost";
        /** @description What a seat's page shows of itself. */
        SeatView: {
            /** @description A sign-out or busy that waits for the call's end. */
            after_call?: components["schemas"]["SeatState"];
            auto_answer: boolean;
            call?: components["schemas"]["CallId"];
            /** @description The standing media leg is up. */
            phone: boolean;
            /** @description Busy reason code, when Busy. */
            reason?: string;
            seat: components["schemas"]["SeatId"];
            /**
             * Format: int64
             * @description Epoch ms when this state began.
             */
            since: number;
            state: components["schemas"]["SeatState"];
            /**
             * Format: int32
             * @description Today: answered calls and talk seconds.
             */
            today_calls: number;
            /** Format: int32 */
            today_talk_s: number;
            /**
             * Format: int64
             * @description Epoch ms when 话后 ends by itself.
             */
            until?: number;
        };
        ServerMsg: {
            /** @enum {string} */
            msg: "reply";
            /** @description Absent when done. */
            refusal?: components["schemas"]["RefusalText"];
            /** Format: int32 */
            req: number;
        } | (components["schemas"]["SeatView"] & {
            /** @enum {string} */
            msg: "seat";
        }) | (components["schemas"]["Pop"] & {
            /** @enum {string} */
            msg: "pop";
        }) | {
            call: components["schemas"]["CallId"];
            /** @enum {string} */
            msg: "call_over";
            state: components["schemas"]["CallState"];
            /** Format: int32 */
            talk_s: number;
        } | (components["schemas"]["BoardMsg"] & {
            /** @enum {string} */
            msg: "board";
        }) | (components["schemas"]["ImportStatus"] & {
            /** @enum {string} */
            msg: "import";
        }) | {
            /** @enum {string} */
            msg: "changed";
            page: string;
        } | {
            /**
             * Format: int64
             * @description Epoch ms.
             */
            at: number;
            from: string;
            /** @enum {string} */
            msg: "message";
            text: string;
        } | (components["schemas"]["RefusalText"] & {
            /** @enum {string} */
            msg: "toast";
        }) | (components["schemas"]["RefusalText"] & {
            /** @enum {string} */
            msg: "bye";
        });
        Session: {
            account: string;
            company: string;
            company_name: string;
            demo: boolean;
            /** @description 坐席号 */
            extension: string;
            lang: components["schemas"]["Lang"];
            name: string;
            /** @description Permission words, `page.action`, e.g. "campaigns.start"; "seat.work" lets a seat sign in. */
            permissions: string[];
            role: string;
            seat: components["schemas"]["SeatId"];
            /** @description Only in the answer to a login: for consoles and bots. */
            token?: string;
            /** @description IANA zone of the company: every time of day a person reads is in it. */
            zone?: string;
        };
        Speak: {
            lang: components["schemas"]["Lang"];
        };
        TaskMonitor: {
            answered_by_hour: number[];
            /** @description Calls and answers of today by the company's hour, 24 each. */
            calls_by_hour: number[];
            /** @description Why calls were not answered, the commonest first. */
            causes: components["schemas"]["FailureCause"][];
            /** @description What it runs by: title and value. */
            facts: [
                string,
                string
            ][];
            /** @description From the whole list down to those who talked with an agent. */
            funnel: components["schemas"]["FunnelStage"][];
            id: components["schemas"]["CampaignId"];
            name: string;
            pace: components["schemas"]["TaskPace"];
            status: components["schemas"]["CampaignStatus"];
            /** @description Why it is not dialling now, or that it is. */
            why: string;
        };
        TaskPace: {
            /** @description The same in a sentence, with the last thirty days. */
            abandoned: string;
            /**
             * Format: int32
             * @description Answered calls of today that found nobody in time, and its cap, in hundredths of a percent.
             */
            abandoned_bp: number;
            /**
             * Format: int32
             * @description Agents of its group: signed in, and free.
             */
            agents: number;
            /** Format: int32 */
            cap_bp: number;
            /**
             * Format: int64
             * @description When the list will be through (epoch ms), where that can be said, and from what it is reckoned.
             */
            done_at: number | null;
            eta: string;
            /** Format: int32 */
            free: number;
            /** @description Legs that are up by stage: title and count. */
            legs: [
                string,
                number
            ][];
            mode: string;
            /** @description Calls of the group on their way for each free agent, as "1.6"; "--" where nobody is free. */
            per_agent: string;
            /** @description How long its agents wait for a call. */
            wait: string;
        };
        Totals: {
            /** Format: int32 */
            abandoned: number;
            /** Format: int32 */
            answered: number;
            answered_by_hour: number[];
            balance: components["schemas"]["Micro"];
            /**
             * Format: int32
             * @description Live trunk legs and the sum of the trunks' channels.
             */
            channels: number;
            /** Format: int32 */
            channels_max: number;
            charged: components["schemas"]["Micro"];
            company: string;
            demo: boolean;
            /**
             * Format: int32
             * @description Since local midnight.
             */
            dialled: number;
            /** @description Attempts and answers per hour of the local day, 24 each. */
            dialled_by_hour: number[];
            /** @description Reserved by calls that are up. */
            held: components["schemas"]["Micro"];
            /**
             * Format: int32
             * @description Longest-waiting answered callee without agent, in ms; count of such.
             */
            queued: number;
            /** Format: int64 */
            queued_oldest_ms: number;
            /** Format: int32 */
            to_agent: number;
            unlimited: boolean;
        };
        /**
         * Format: int64
         * @description 线路.
         */
        TrunkId: number;
        TrunkRow: {
            /** Format: int32 */
            answers: number;
            /**
             * Format: int32
             * @description Today's attempts and answers; mean INVITE → 180/183 in ms.
             */
            attempts: number;
            /** Format: int32 */
            channels: number;
            /** Format: int32 */
            channels_max: number;
            /** @description Last fault, a text key or SIP code with reason. */
            fault?: string;
            id: components["schemas"]["TrunkId"];
            name: string;
            /** Format: int32 */
            pdd_ms: number;
            simulated: boolean;
            up: boolean;
        };
        /** @description What an agent's workbench needs of 系统设置. */
        WorkView: {
            busy_reasons: components["schemas"]["BusyReason"][];
            /** @description The record must be saved before 话后 ends by itself. */
            must_save: boolean;
            /** @description 弹屏示忙 of this seat. */
            pop_busy: boolean;
            /** @description The agent may hand the callee to the survey by a button (评价设置). */
            survey_button: boolean;
            /**
             * Format: int32
             * @description What 再给时间 adds, in seconds; 0 = not allowed.
             */
            wrap_more_s: number;
            /**
             * Format: int32
             * @description 话后 seconds, 0 = none.
             */
            wrap_s: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    activity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Created"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    catalogue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView"][];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    file: {
        parameters: {
            query?: {
                version?: number;
            };
            header?: never;
            path: {
                page: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": unknown;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    file_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Created"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    home: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Home"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    import_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportStatus"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    passwords: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    rejects: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    import: {
        parameters: {
            query?: {
                campaign?: number;
                sync?: string;
            };
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportStatus"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    import_look: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportLook"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    import_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportStatus"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WebSocket */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    speak: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Speak"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    monitor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                campaign: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskMonitor"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    notices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notice"][];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    notice_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    numbers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowReply"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    permissions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionGroup"][];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    phone: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneOffer"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PhoneAnswer"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    recording: {
        parameters: {
            query?: {
                download?: number;
            };
            header?: never;
            path: {
                call: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": unknown;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    peaks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Peaks"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    texts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lang: "zh-CN" | "en";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                what: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionReply"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
    work: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkView"];
                };
            };
            /** @description Refused */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalText"];
                };
            };
        };
    };
}
