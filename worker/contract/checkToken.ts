/** The secret header by which a firewall recognises the checks of the team. */
export interface CheckTokenView {
  header: string;
  /** Null until the first one is made: by hand, or by a monitor that is to send it. */
  token: string | null;
}
