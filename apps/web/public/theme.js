// Applies theme and density before the first paint; a file of its own because the page allows no inline scripts.
try {
  const theme = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem('gd.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.style.colorScheme = theme;
  if (localStorage.getItem('gd.density') === 'compact') document.documentElement.dataset.density = 'compact';
} catch {
  // Storage is blocked: the system's theme stays.
}
