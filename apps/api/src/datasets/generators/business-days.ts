const dayMs = 86_400_000;

/** The first weekday at or after a moment, at midnight UTC. Holidays are not known here. */
export function businessDayFrom(time: number): number {
  let day = Math.floor(time / dayMs) * dayMs;
  while (isWeekend(day)) day += dayMs;
  return day;
}

export function nextBusinessDay(day: number): number {
  return businessDayFrom(day + dayMs);
}

function isWeekend(day: number): boolean {
  const weekday = new Date(day).getUTCDay();
  return weekday === 0 || weekday === 6;
}
