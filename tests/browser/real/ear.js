// Runs inside the page before anything of its own: notes, on the page's one clock, what the service said, what the
// agent saw and what he heard. The page is not changed by it.
(() => {
  const STEP = 512;
  const notes = (window.notes = { said: [], sounds: [], seen: [] });

  window.WebSocket = class extends window.WebSocket {
    constructor(...args) {
      super(...args);
      // Registered before the page's own listener, so that nothing is drawn before it is noted.
      this.addEventListener("message", (event) => {
        const msg = JSON.parse(event.data);
        if (!["board", "reply"].includes(msg.msg)) notes.said.push({ at: performance.now(), msg });
      });
    }
  };

  // The first moment each call's card is on screen.
  const look = () => {
    const card = document.querySelector(".callcard");
    const state = card?.className.replace("callcard", "").trim() ?? "";
    const mobile = document.querySelector(".cardform .fields input")?.value ?? "";
    const last = notes.seen.at(-1);
    if (last?.state !== state || last?.mobile !== mobile) notes.seen.push({ at: performance.now(), state, mobile });
  };
  document.addEventListener("DOMContentLoaded", () => new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true }));

  /** Share of the samples' energy at a frequency. */
  const share = (samples, hertz, rate) => {
    const k = 2 * Math.cos((2 * Math.PI * hertz) / rate);
    let a = 0, b = 0, energy = 0;
    for (const x of samples) {
      [a, b] = [x + k * a - b, a];
      energy += x * x;
    }
    return (2 * (a * a + b * b - k * a * b)) / (samples.length * energy || 1);
  };

  // A leg that was put down and made anew is the only one to hear from then on.
  let earlier = null;
  const listen = (stream) => {
    void earlier?.close();
    const context = (earlier = new AudioContext());
    const tap = context.createScriptProcessor(STEP, 1, 1);
    let block = [];
    tap.onaudioprocess = (event) => {
      block.push(...event.inputBuffer.getChannelData(0));
      // 43 ms: long enough to tell steps of 50 Hz apart where one of them is alone.
      if (block.length < STEP * 4) return;
      const samples = block;
      block = [];
      const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
      let best = { hertz: 0, share: 0 };
      // A silent line in A-law is not all zero.
      if (rms > 0.003) for (let hertz = 300; hertz <= 1700; hertz += 50) {
        const now = share(samples, hertz, context.sampleRate);
        if (now > best.share) best = { hertz, share: now };
      }
      const hertz = best.share > 0.5 ? best.hertz : rms > 0.003 ? -1 : 0;
      const length = (samples.length / context.sampleRate) * 1000;
      const at = performance.now();
      const last = notes.sounds.at(-1);
      if (last?.hertz === hertz) last.to = at;
      // `noted`: the moment this thread learned of it, to be set against other events of this thread.
      else notes.sounds.push({ hertz, from: at - length, to: at, noted: at });
    };
    context.createMediaStreamSource(stream).connect(tap);
    tap.connect(context.destination);
    void context.resume();
  };
  const Plain = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain {
    constructor(...args) {
      super(...args);
      this.addEventListener("track", (event) => listen(event.streams[0]));
    }
  };
})();
