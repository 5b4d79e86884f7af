function after_action() {
  const orders = method_response.orders ?? [];
  action_data.contacts = orders.map((order) => {
    const [first, ...rest] = (order.customer.name ?? "").split(" ");
    const address = order.customer.address ?? {};
    return {
      id: `order-${order.id}`,
      firstName: first,
      lastName: rest.join(" "),
      email: (order.customer.email ?? "").trim().toLowerCase(),
      city: address.city ?? "unknown",
      total: order.lines.reduce((sum, line) => sum + line.price * line.quantity, 0).toFixed(2),
      skus: order.lines.map((line) => line.sku).filter(Boolean),
      created: new Date(order.created).toISOString(),
    };
  });
  action_data.count = action_data.contacts.length;
  action_data.first = action_data.contacts[0]?.id ?? null;
  return true;
}
