/** Answers with the received request, and echoes WebSocket messages. */
export default {
  fetch: async (request: Request): Promise<Response> => {
    if (request.headers.get('upgrade') === 'websocket') return echoSocket(request);
    const { method, url } = request;
    const asked = { method, url, headers: Object.fromEntries(request.headers), body: await request.text() };
    const headers = new Headers([
      ['set-cookie', 'session=1; HttpOnly; Secure; SameSite=Strict'],
      ['set-cookie', 'refresh=2; HttpOnly; Secure; SameSite=Strict'],
    ]);
    return Response.json(asked, { status: method === 'POST' ? 201 : 200, headers });
  },
};

const echoSocket = (request: Request) => {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.addEventListener('message', ({ data }) => server.send(`${data} from ${request.headers.get('cookie')}`));
  return new Response(null, { status: 101, webSocket: client });
};
