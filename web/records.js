// Bytes that outlive the page, by key, in the browser's database. Where there is none (private windows, full disks) nothing
// is remembered, and nobody is bothered: the app works without.

const kDatabase = 'chainrule';
const kStore = 'records';

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Records {
  constructor() {
    this.opened = null;
    this.last = Promise.resolve(); // one after the other, in the order they were asked for
  }

  open() {
    this.opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(kDatabase, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(kStore);
      request.onblocked = () => reject(new Error('another window holds the database'));
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close(); // another tab brings a newer form
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    return this.opened;
  }

  async do(mode, use) {
    try {
      const database = await this.open();
      return await settled(use(database.transaction(kStore, mode).objectStore(kStore)));
    } catch (error) {
      this.opened = null;
      console.warn(`Nothing could be kept or found: ${error}`);
      return undefined;
    }
  }

  queue(next) {
    this.last = this.last.then(next);
    return this.last;
  }

  save(key, bytes) {
    return this.queue(() => this.do('readwrite', (store) => store.put(bytes, key)));
  }

  remove(key) {
    return this.queue(() => this.do('readwrite', (store) => store.delete(key)));
  }

  /** The bytes, or null. */
  load(key) {
    return this.queue(() => this.do('readonly', (store) => store.get(key))).then((bytes) => bytes ?? null);
  }
}
