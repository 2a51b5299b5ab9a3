// The theme opens its search as a dialog without a name; a screen reader needs one.
document.querySelectorAll('[data-md-component="search"][role="dialog"]').forEach((dialog) => {
  const field = dialog.querySelector("input");
  dialog.setAttribute("aria-label", (field && field.getAttribute("aria-label")) || "搜索");
});
