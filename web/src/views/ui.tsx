// Small parts every view uses.

import type { ComponentChildren, TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { skew } from "../api.ts";
import { Cell } from "../cell.ts";
import { lang, t } from "../texts.ts";

/** The value of a cell; the view is drawn again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [value, setValue] = useState(() => cell.get());
  useEffect(() => {
    const read = () => setValue(() => cell.get());
    read();
    return cell.watch(read);
  }, [cell]);
  return value;
}

/** Draws again when the language changes. */
export const useLang = () => useCell(lang);

/** The service's clock, epoch ms, each second while `on`. */
export function useNow(on = true): number {
  const [, setBeat] = useState(0);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setBeat((beat) => beat + 1), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return Date.now() + skew.get();
}

let lastId = 0;
/** An id that ties a label to its control. */
export function useId(): string {
  return useState(() => `f${++lastId}`)[0];
}

export interface ButtonProps {
  children: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  look?: "main" | "danger" | "plain" | "link";
  disabled?: boolean;
  title?: string | undefined;
  /** Of the words on it, where they are not the page's. */
  lang?: string;
  submit?: boolean;
  class?: string;
  "aria-pressed"?: boolean;
  "aria-expanded"?: boolean;
  "aria-label"?: string;
}

export function Button({ children, look = "plain", submit, class: more = "", ...rest }: ButtonProps) {
  return (
    <button type={submit ? "submit" : "button"} class={`button ${look} ${more}`} {...rest}>
      {children}
    </button>
  );
}

export interface DialogProps {
  title: string;
  wide?: boolean;
  /** Esc or ×. */
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog; the browser keeps focus inside and the rest out of reach. */
export function Dialog({ title, wide, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    // Into the first thing to fill in; else to the dialog itself, so that no key that is just being typed answers it.
    const fill = ref.current?.querySelector<HTMLElement>("input:not([disabled]):not([type=file]):not([hidden]), select:not([disabled]), textarea:not([disabled])");
    (fill ?? ref.current)?.focus();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={ref} tabIndex={-1} class={wide ? "dialog wide" : "dialog"} aria-labelledby={id} onCancel={cancel}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="close" aria-label={t("page.close")} onClick={onClose}>×</button>
      </header>
      {children}
    </dialog>
  );
}

interface Question {
  text: string;
  yes: string;
  danger: boolean;
  answer(yes: boolean): void;
}
const question = new Cell<Question | null>(null);

/** Asks in a dialog that names the target; resolves with the answer. */
export function confirm(text: string, yes = t("page.yes"), danger = true): Promise<boolean> {
  return new Promise((resolve) =>
    question.set({
      text, yes, danger,
      answer: (said) => {
        question.set(null);
        resolve(said);
      },
    }),
  );
}

/** Where `confirm` appears; once, at the root. */
export function Questions() {
  const asked = useCell(question);
  if (asked === null) return null;
  return (
    <Dialog title={t("page.confirm")} onClose={() => asked.answer(false)}>
      <p class="question">{asked.text}</p>
      <footer>
        <Button look={asked.danger ? "danger" : "main"} onClick={() => asked.answer(true)}>{asked.yes}</Button>
        <Button onClick={() => asked.answer(false)}>{t("page.cancel")}</Button>
      </footer>
    </Dialog>
  );
}

export type InputEvent = TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>;

/** Saves what an address serves, under the name the service gives it, or under ours. */
export function download(href: string, name = ""): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
}

/** "2026-06-10 11:19:00" of a date and time control: the service's form of a moment. */
export function wholeMoment(local: string): string {
  if (local === "") return "";
  return (local.length === 16 ? `${local}:00` : local.slice(0, 19)).replace("T", " ");
}
