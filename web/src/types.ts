// The contract of the service by the names this page uses. The types are made from the service's OpenAPI document
// (api.gen.ts); only what that cannot say is written here. Ids are numbers, times epoch milliseconds, money micro-yuan.

import type { components } from "./api.gen.ts";

type Said = components["schemas"];

export type Lang = Said["Lang"];
export type Texts = Record<string, string>;
export type Values = Record<string, string>;

export type RefusalText = Said["RefusalText"];
export type Session = Said["Session"];
export type Home = Said["Home"];

export type Row = Said["Row"];
export type ListReply = Said["ListReply"];
export type RowReply = Said["RowReply"];
export type Created = Said["Created"];
export type ActionRequest = Said["ActionRequest"];
export type ActionReply = Said["ActionReply"];
export type Choice = Said["Choice"];
export type PermissionGroup = Said["PermissionGroup"];

export type RejectSample = Said["RejectSample"];
export type ImportStatus = Said["ImportStatus"];
export type ImportLook = Said["ImportLook"];
export type ImportWish = Said["ImportWish"];
export type LookColumn = Said["LookColumn"];

/** 600 pairs (min, max) a lane, -127..=127. */
export type Peaks = Said["Peaks"];
export type ActivityRequest = Said["ActivityRequest"];
export type WorkView = Said["WorkView"];
export type BusyReason = Said["BusyReason"];
export type Notice = Said["Notice"];
export type TaskMonitor = Said["TaskMonitor"];
export type TaskPace = Said["TaskPace"];
export type FunnelStage = Said["FunnelStage"];
export type FailureCause = Said["FailureCause"];

// catalogue

export type Kind = Said["Kind"];
export type Place = Said["Place"];
export type ColumnView = Said["ColumnView"];
export type FilterView = Said["FilterView"];
export type FieldView = Said["FieldView"];
export type ActionView = Said["ActionView"];
export type PageView = Said["PageView"];

// live

export type Quality = Said["Quality"];
export type Command = Said["Command"];
export type SeatState = Said["SeatState"];
export type SeatView = Said["SeatView"];
export type CallKind = Said["CallKind"];
export type Pop = Said["Pop"];
export type ServerMsg = Said["ServerMsg"];
/** A card whose call was over before this page saw it has no state: "". */
export type CallOver = Omit<Extract<ServerMsg, { msg: "call_over" }>, "msg" | "state"> & { state: string };

// board

export type Totals = Said["Totals"];
export type CampaignRow = Said["CampaignRow"];
export type TrunkRow = Said["TrunkRow"];
export type CallRow = Said["CallRow"];
export type SeatRow = Said["SeatRow"];
export type EventRow = Said["EventRow"];
export type BoardMsg = Said["BoardMsg"];
