// What lies on the phone: the answers that wait to be sent, and what the server last said.  IndexedDB, for photographs too.
window.fieldStore = (function () {
  "use strict";

  let opened;
  function open() {
    opened = opened || new Promise(function (resolve, reject) {
      const asked = indexedDB.open("ledger-field", 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("entries", { keyPath: "key" });
        asked.result.createObjectStore("kept");
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
    return opened;
  }

  // Settled when the transaction is on disk, not before: what is shown as kept must be kept.
  async function inStore(name, mode, work) {
    const db = await open();
    return new Promise(function (resolve, reject) {
      const transaction = db.transaction(name, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(name));
      transaction.oncomplete = function () { resolve(asked && asked.result); };
      transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
    });
  }

  return {
    entries: function () { return inStore("entries", "readonly", function (store) { return store.getAll(); }); },
    put: function (entry) { return inStore("entries", "readwrite", function (store) { return store.put(entry); }); },
    drop: function (key) { return inStore("entries", "readwrite", function (store) { return store.delete(key); }); },
    keep: function (name, value) { return inStore("kept", "readwrite", function (store) { return store.put(value, name); }); },
    kept: function (name) { return inStore("kept", "readonly", function (store) { return store.get(name); }); },
    // A name for one sending: the server takes what comes twice under it as one.
    newKey: function () {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    },
  };
})();
