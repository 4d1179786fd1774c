// Runs before the page itself and in words any browser reads: names what this browser lacks, in place of a blank page.
// No newer syntax here; the page's own file may not even be readable to it.

var NEEDS: [string, string][] = [
  ["fetch", "page.lacks.fetch"],
  ["WebSocket", "page.lacks.socket"],
  ["RTCPeerConnection", "page.lacks.calls"],
  ["AudioContext", "page.lacks.audio"],
  ["HTMLDialogElement", "page.lacks.dialog"],
  ["Intl", "page.lacks.time"],
];

interface Lacking extends Window {
  hutongLacks?: boolean;
}

(function () {
  var here = window as Lacking;
  var missing: string[] = [];
  for (var i = 0; i < NEEDS.length; i++) if (!(NEEDS[i]![0] in window)) missing.push(NEEDS[i]![1]);
  if (missing.length > 0) say(missing);
  // A file that cannot be read at all: older than every list.
  window.addEventListener("error", function (event) {
    if (/app\.js/.test(event.filename || "") && /SyntaxError/.test(event.message || "")) say(["page.lacks.syntax"]);
  });

  function say(keys: string[]): void {
    if (here.hutongLacks) return;
    here.hutongLacks = true;
    var request = new XMLHttpRequest();
    request.open("GET", "/api/texts/" + (kept() === "en" ? "en" : "zh-CN"));
    request.onload = function () {
      var texts = JSON.parse(request.responseText) as { [key: string]: string };
      var box = document.createElement("main");
      box.className = "notice";
      add(box, "h1", texts["page.lacks.title"]!);
      add(box, "p", texts["page.lacks.why"]!);
      var list = add(box, "ul", "");
      for (var i = 0; i < keys.length; i++) add(list, "li", texts[keys[i]!] || keys[i]!);
      add(box, "p", texts["page.login.browser"]!);
      var app = document.getElementById("app")!;
      app.textContent = "";
      app.appendChild(box);
    };
    request.send();
  }

  function add(to: HTMLElement, tag: string, text: string): HTMLElement {
    var made = document.createElement(tag);
    made.textContent = text;
    to.appendChild(made);
    return made;
  }

  function kept(): string | null {
    try {
      return localStorage.getItem("hutong.lang");
    } catch (e) {
      return null;
    }
  }
})();
