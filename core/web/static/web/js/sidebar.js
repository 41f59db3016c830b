// The side bar shows where one is, however long it has become.
document.querySelector(".menu-list [aria-current]")?.scrollIntoView({ block: "nearest" });
