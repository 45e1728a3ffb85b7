/** How the database knows the bare server's connections. */
export const BARE = 'bare';
