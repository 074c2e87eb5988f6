// Applies the stored theme before the first paint; a file of its own because the page allows no inline scripts.
try {
  const theme = localStorage.getItem('gd.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.style.colorScheme = theme;
} catch {
  // Storage is blocked: the system's theme stays.
}
