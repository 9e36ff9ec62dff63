/*
 * Stands for `node:child_process` in unit tests. What starts a process is slower by a hundred times, and waits for its turn on a
 * busy machine.
 */
function refuse(): never {
  throw new Error(
    "A unit test starts no process. Name the file *.process.test.ts, so that it runs in the project for that.",
  );
}

export const exec = refuse;
export const execFile = refuse;
export const execFileSync = refuse;
export const execSync = refuse;
export const fork = refuse;
export const spawn = refuse;
export const spawnSync = refuse;
