import { theme, type ThemeConfig } from 'antd';

export type Shade = 'light' | 'dark';

/** The few colours of the app; styles.css has the same ones by name. Each text reaches 4.5 : 1 on its ground. */
const PALETTE = {
  light: {
    primary: '#1f5c8f',
    selected: '#17486f',
    link: '#1f5c8f',
    ground: '#eef0f3',
    panel: '#ffffff',
    raised: '#ffffff',
    text: '#1d232a',
    quiet: '#59636e',
    line: '#d9dde2',
    hover: '#f3f6f9',
    chosen: '#e3eef8',
    error: '#b3261e',
    success: '#1f7a45',
    warning: '#8a5a00',
    warningGround: '#fdf4de',
  },
  dark: {
    primary: '#2c6ea8',
    selected: '#9cccf5',
    link: '#8fc3ef',
    ground: '#101317',
    panel: '#171b20',
    raised: '#1f252c',
    text: '#e4e7eb',
    quiet: '#a3adb8',
    line: '#2d343c',
    hover: '#1e242b',
    chosen: '#1c3448',
    error: '#ff8a80',
    success: '#6fcf97',
    warning: '#e7b656',
    warningGround: '#2e2616',
  },
} as const;

/** The compact algorithm shrinks letters too, to 10 px: too small for Chinese characters. */
const legible: typeof theme.compactAlgorithm = (seed, map = theme.defaultAlgorithm(seed)) => ({
  ...map,
  fontSize: 13,
  fontSizeSM: 12,
  fontSizeLG: 15,
  fontHeight: 21,
  fontHeightSM: 20,
  fontHeightLG: 23,
  lineHeight: 21 / 13,
  lineHeightSM: 20 / 12,
  lineHeightLG: 23 / 15,
});

export function themeOf(shade: Shade): ThemeConfig {
  const color = PALETTE[shade];
  return {
    algorithm: [shade === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm, theme.compactAlgorithm, legible],
    token: {
      colorPrimary: color.primary,
      colorInfo: color.link,
      // What is derived from so dark a blue is grey.
      colorInfoBg: color.chosen,
      colorLink: color.link,
      colorError: shade === 'light' ? color.error : '#e5534b',
      colorSuccess: color.success,
      colorSuccessBg: shade === 'light' ? '#e6f4ea' : '#16291d',
      colorWarning: color.warning,
      colorWarningBg: color.warningGround,
      colorText: color.text,
      colorTextSecondary: color.quiet,
      colorTextTertiary: color.quiet,
      colorTextDescription: color.quiet,
      colorTextPlaceholder: color.quiet,
      colorBgLayout: color.ground,
      colorBgContainer: color.panel,
      colorBgElevated: color.raised,
      colorBorder: shade === 'light' ? '#c3c9d0' : '#434c56',
      colorBorderSecondary: color.line,
      colorErrorText: color.error,
      // styles.css names them for each script.
      fontFamily: 'inherit',
      borderRadius: 5,
      // Nobody waits for an animation in a tool that is used all day.
      motion: false,
      wireframe: false,
    },
    components: {
      Tabs: {
        itemSelectedColor: color.selected,
        itemHoverColor: color.link,
        inkBarColor: color.link,
        horizontalMargin: '0',
      },
      Form: { itemMarginBottom: 12, verticalLabelPadding: '0 0 2px', labelColor: color.quiet },
      Tree: { nodeSelectedBg: color.chosen, nodeHoverBg: color.hover },
      Menu: { itemSelectedColor: color.selected },
      Select: { optionSelectedBg: color.chosen },
      // They write it on a ground that is lighter than the page's.
      Dropdown: { colorError: color.error },
      // A tag writes it on a ground of its own.
      Tag: { colorError: color.error },
    },
  };
}
