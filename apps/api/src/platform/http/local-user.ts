/** Who acts while there is no sign-on: everybody who reaches the server. */
export const localUser = 'local';
