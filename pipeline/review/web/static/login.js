// The page to log in on: language and theme alone.

depesha.start();
document.documentElement.dataset.ready = "login";
