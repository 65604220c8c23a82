// Everything the client knows how to say, through its own queue, to the house named on the command line.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const failed = [];
const client = new Analytics({ host, writeKey, flushAt: 7, flushInterval: 200, maxRetries: 2 });
client.on("error", (error) => failed.push(String(error.reason ?? error)));
client.page({ anonymousId: "node-device", name: "Home", properties: { url: "https://shop.example/" } });
client.identify({ anonymousId: "node-device", userId: "node-1", traits: { email: "node@example.com", plan: "pro" } });
for (let n = 0; n < 20; n += 1) client.track({ userId: "node-1", event: `Step ${n}`, properties: { n } });
client.track({ userId: "node-1", event: "Order Completed", properties: { order_id: "N-1", total: 12.5, currency: "EUR" } });
client.screen({ userId: "node-1", name: "Cart" });
client.group({ userId: "node-1", groupId: "acme", traits: { name: "Acme" } });
client.alias({ userId: "node-1", previousId: "node-old" });
await client.closeAndFlush({ timeout: 20000 });
if (failed.length > 0) {
  console.error(failed.join("\n"));
  process.exit(1);
}
