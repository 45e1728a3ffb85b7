const { join } = require('node:path');

/** Where the boundaries' check finds the libraries that the app stands on; vite.config.mjs says the same to the build. */
const library = (name) => [`#${name}`, join(__dirname, '../../libs', name, 'src')];
module.exports = { resolve: { alias: Object.fromEntries(['access', 'client', 'contracts'].map(library)) } };
