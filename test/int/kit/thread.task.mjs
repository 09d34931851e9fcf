/** A task for the tests of the database thread: does what it is told. */
export default {
  async start({ database, report, log }, settings) {
    report({ started: settings.name, key: settings.key.symmetricKeySize });
    return {
      async stop() {
        await database.query('INSERT INTO marks VALUES ($1)', [settings.name]);
        log('info', 'the task has stopped');
      },
      async handle(message) {
        if (message === 'fall') {
          setImmediate(() => {
            throw new Error('fallen on purpose');
          });
        }
        if (message === 'devour') {
          const eaten = [];
          for (;;) eaten.push(Array.from({ length: 10_000 }, () => ({})));
        }
        const rows = await database.query('SELECT $1::text AS heard', [message]);
        return rows[0].heard;
      },
    };
  },
};
