// What several of the pages on this device say: numbers, times and the sentences that stand in more than one place.
"use strict";
(() => {
  const many = (number, one, more) => `${number} ${number === 1 ? one : more}`;

  // "2:30pm", "midday", as everywhere in carequality.
  function clock(moment) {
    const at = new Date(moment);
    const [hour, minute] = [at.getHours(), at.getMinutes()];
    if (minute === 0 && hour % 12 === 0) {
      return hour ? "midday" : "midnight";
    }
    return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, "0")}` : ""}${hour < 12 ? "am" : "pm"}`;
  }

  // "Saturday 28 November at 10:05am": within a fortnight the day of the week says more than the year.
  function soon(moment) {
    const on = new Date(moment).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
    return `${on.replace(",", "")} at ${clock(moment)}`;
  }

  const day = (moment) => new Date(moment).toLocaleDateString("en-GB", { dateStyle: "long" });

  // The day of here, not of Greenwich: just after midnight in summer the two differ.
  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  window.carequality.words = {
    many,
    clock,
    today,
    soon,
    moment: (at) => `${day(at)} at ${clock(at)}`,
    now: () => new Date().toISOString(),
    SAVED: "Saved on this device",
    NOT_SENT: "Saved on this device, not sent",
    SAVED_NOT_SENT: "saved on this device, not sent",
    NO_NAMES: "Write Person A or Person B, not a name.",
    WHICH_QUESTION: "Which question does it belong to?",
  };
})();
