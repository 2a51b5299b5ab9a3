// From a folder or a USB stick no browser lets the search read its index.
if (location.protocol === "file:") {
  const said = document.createElement("span");
  said.className = "k-no-search";
  said.textContent = document.documentElement.lang.startsWith("zh")
    ? "搜索要通过网站服务器才能用" : "Search needs a web server";
  document.querySelectorAll('[data-md-component="search"], .md-header label[for="__search"]')
    .forEach((part) => { part.style.display = "none"; });
  document.querySelector(".md-header__inner")?.append(said);
}

// The theme's search takes any one of the words typed, each by its beginning, and loses the last
// sign of a Chinese word: 越级上访 finds 上级. Before its worker is asked, the words are made such
// that all of them must be there, and where that finds nothing, that all their signs must, be it
// inside other words; what then finds nothing is asked as it was typed. Zensical needs none of this.
const QUERY = 2, RESULT = 3;
const OPERATORS = /["*+~^]|(^|\s)-/;  // whoever writes these knows the theme's own language
// A document's number, in any brackets or none: of 〔2025〕6号 the index keeps 2025〕6 as one word.
const NUMBER = /[〔[(（【]?(\d{4})[〕\])）】\s](\d{1,3})(?![\d.])/g;
const WORDS = /\d{4}〕\d+|\p{sc=Han}+|[^\s\p{sc=Han}\p{P}\p{S}]+(?:\.\p{Nd}+)*/gu;
// The worker cuts Chinese into words it knows and never looks at the last sign; it gets one more.
const LAST = "龘";

const isChinese = (word) => /^\p{sc=Han}/u.test(word);
const whole = (word) =>
  isChinese(word) && word.length > 1
    ? `+"${word}${LAST}"*`
    : `+${word}* ${word}^9`;  // by its beginning, and best where nothing follows
// Of Chinese alone: the worker stumbles over some numbers between two asterisks.
const inside = (word) =>
  isChinese(word) ? [...word].map((sign) => `+*${sign}*`).join(" ") : `+${word}*`;

const ways = (text) => {
  const words = text.replace(NUMBER, " $1〕$2 ").match(WORDS);
  return !words || OPERATORS.test(text)
    ? [text]
    : [words.map(whole).join(" "), words.map(inside).join(" "), text];
};

if (document.querySelector('[data-md-component="search-query"]')) {
  const post = Worker.prototype.postMessage;
  const waiting = [];  // of each question not yet answered: the ways still left to ask it
  const ask = (worker, [way, ...left]) => {
    waiting.push(left);
    post.call(worker, {type: QUERY, data: way});
  };
  const heard = new WeakSet();
  Worker.prototype.postMessage = function (message, ...more) {
    if (!message || message.type !== QUERY || typeof message.data !== "string") {
      return post.call(this, message, ...more);
    }
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener("message", ({data}) => {
        if (data.type !== RESULT) return;
        const left = waiting.shift();
        if (!data.data.items.length && left.length && !waiting.length) ask(this, left);
      });
    }
    return ask(this, ways(message.data));
  };
}
