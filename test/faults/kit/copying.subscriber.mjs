/** Copies each event into a table without any constraint, where a second copy or a missing one is seen. */
export default ({ table }) => ({
  name: 'copying',
  async onRecorded(events, transaction) {
    for (const { id, action } of events) {
      await transaction.query(`INSERT INTO ${table} (id, action) VALUES ($1, $2)`, [id, action]);
    }
  },
});
