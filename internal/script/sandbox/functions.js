// The functions that scripts may call. They are made for those that mention one.
((ask, give, set, text) => {
  "use strict";
  const TypeErrorClass = TypeError;
  const Bytes = Uint8Array;
  const isView = ArrayBuffer.isView;

  // Encodings, signatures and documents.
  give("btoa", (value, charset) => ask("btoa", { value: text(value), charset: charset && text(charset) }));
  give("atob", (value, charset) => ask("atob", { value: text(value), charset: charset && text(charset) }));
  give("cyclr_sign", (algorithm, key, value) => ask("sign", { algorithm: text(algorithm), key: text(key), value: text(value) }));
  give("cyclr_csv_parse", (value, delimiter, hasHeader) => {
    const records = ask("csv", { value: text(value), delimiter: text(delimiter ?? ",") });
    if (hasHeader !== true) return records;
    const objects = [];
    for (let i = 1; i < records.length; i++) {
      const record = records[i];
      const o = {};
      // A column without a name goes by its number, from 1.
      for (let j = 0; j < record.length; j++) set(o, records[0][j] || text(j + 1), record[j]);
      set(objects, i - 1, o);
    }
    return objects;
  });
  give("cyclr_xml_serialize", (value) => ask("xml_serialize", value));
  give("cyclr_xml_deserialize", (value) => ask("xml_deserialize", text(value)));
  give("crypto", {
    getRandomValues(array) {
      if (!isView(array)) throw new TypeErrorClass("crypto.getRandomValues needs a typed array.");
      const bytes = new Bytes(array.buffer, array.byteOffset, array.byteLength);
      const random = ask("random", bytes.length);
      for (let i = 0; i < bytes.length; i++) bytes[i] = random[i];
      return array;
    },
  });

  // What the server does.
  give("http_request", (request) => {
    if (request === null || typeof request !== "object") throw new TypeErrorClass("http_request needs an object with method, url, headers and data.");
    const headers = {};
    for (const name in request.headers ?? {}) set(headers, name, text(request.headers[name]));
    return ask("http_request", { method: text(request.method ?? "GET"), url: text(request.url ?? ""), headers, data: request.data ?? null });
  });
  const operations = { list_values: 0, list_keys: 0, delete_all: 0, get: 1, delete: 1, set: 2, append: 2, increment: 1, decrement: 1 };
  for (const scope of ["cyclr", "cycle"]) {
    for (const operation in operations) {
      const least = operations[operation];
      const name = `${scope}_storage_${operation}`;
      const counts = operation === "increment" || operation === "decrement";
      give(name, (...given) => {
        if (given.length < least) throw new TypeErrorClass(least === 1 ? `${name} needs a key.` : `${name} needs a key and a value.`);
        return ask("storage", { scope, operation, key: least > 0 ? text(given[0]) : "", value: (counts ? (given[1] ?? 1) : given[1]) ?? null });
      });
    }
  }
})
