/** A lighthouse with its two beams; the beams take the colour of the lamp in both themes. */
export const Logo = (props: { size?: number }) => (
  <svg width={props.size ?? 28} height={props.size ?? 28} viewBox="0 0 32 32" aria-hidden="true" class="logo">
    <path d="M13.5 10 1.5 5.5v9zM18.500 10l12-4.500v9z" class="logo-beam" />
    <path d="M12.200 13h7.600l2 14.500H10.200z" class="logo-tower" />
    <path d="M11.600 17.400h8.800l.6 4.200H11z" class="logo-band" />
    <rect x="13" y="8" width="6" height="5" rx="1" class="logo-lamp" />
    <path d="M11.500 8 16 4l4.500 4zM8 27.500h16V30H8z" class="logo-tower" />
  </svg>
);
