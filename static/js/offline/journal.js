// What was typed a moment ago, written before the next letter: localStorage answers at once,
// IndexedDB may not have written when the tab is closed. One key a field, so that two tabs never
// rewrite each other.
const ROOT = "explor-typed:";

export function journal(user) {
  const mine = `${ROOT}${user}:`;
  const key = (record, field) => `${mine}${record}:${field}`;
  return {
    // False when the device has no room left.
    write(record, field, entry) {
      try {
        localStorage.setItem(key(record, field), JSON.stringify(entry));
        return true;
      } catch {
        return false;
      }
    },
    // Only what IndexedDB holds now: a later letter stays.
    forget(record, field, sequence) {
      try {
        const kept = JSON.parse(localStorage.getItem(key(record, field)));
        if (kept && kept.sequence <= sequence) localStorage.removeItem(key(record, field));
      } catch {
        // unreadable storage holds nothing of ours
      }
    },
    all() {
      const found = [];
      for (const name of names(mine)) {
        const [kind, uuid, ...field] = name.slice(mine.length).split(":");
        try {
          const entry = JSON.parse(localStorage.getItem(name));
          found.push({ record: `${kind}:${uuid}`, field: field.join(":"), ...entry });
        } catch {
          localStorage.removeItem(name);
        }
      }
      return found;
    },
    wipe() {
      for (const name of names(mine)) localStorage.removeItem(name);
    },
  };
}

function names(start) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(start));
  } catch {
    return [];
  }
}

// Whose texts wait on this device, besides `user`.
export function othersTyped(user) {
  return names(ROOT).some((name) => !name.startsWith(`${ROOT}${user}:`));
}

// Known to the server as the same device; nothing about it is told.
export function deviceName() {
  try {
    const known = localStorage.getItem("explor-device") || crypto.randomUUID();
    localStorage.setItem("explor-device", known);
    return known;
  } catch {
    return "";
  }
}

// Grows with each letter, also between two tabs and after a restart.
let last = 0;
export function nextSequence() {
  last = Math.max(last + 1, Date.now());
  return last;
}
