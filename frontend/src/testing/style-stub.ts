/** Stands for every CSS file in tests: a class is called by its own name. */
export default new Proxy({}, { get: (_target, name) => String(name) });
