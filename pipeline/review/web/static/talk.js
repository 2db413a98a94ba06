// Talking to the program: one request after the other, none lost while it does not answer.

const PAUSE = 1500;

export class Refused extends Error {
  constructor(status, body) {
    super(body.error || String(status));
    this.status = status;
    this.body = body;
  }
}

async function ask(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  let body = {};
  try {
    body = await answer.json();
  } catch {
    body = { error: answer.status === 401 ? "logged_out" : "failed" };
  }
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

export const get = (address) => ask(address, {});

const post = (address, body) => ask(address, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

// Sends what is asked for in its order. `told` hears "saving", "saved" and "waiting"; while the
// program does not answer the same request is tried again and the others wait behind it.
export class Sender {
  constructor(address, told) {
    this.address = address;
    this.told = told;
    this.left = 0;
    this.chain = Promise.resolve();
  }

  // `build` makes the request when its turn has come, from what is known then; null sends nothing.
  send(build) {
    this.left += 1;
    this.told("saving");
    const turn = this.chain.then(() => this.#deliver(build));
    this.chain = turn.catch(() => undefined).then(() => {
      this.left -= 1;
      if (this.left === 0) this.told("saved");
    });
    return turn;
  }

  async #deliver(build) {
    const request = build();
    if (request === null) return null;
    for (;;) {
      try {
        return await post(this.address, request);
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.told("waiting");
        await new Promise((done) => { setTimeout(done, PAUSE); });
      }
    }
  }
}
