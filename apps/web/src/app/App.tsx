import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import { lazy, Suspense, useEffect, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { createBrowserRouter, Navigate, RouterProvider, useParams } from 'react-router';
import { useSessionState } from '../api/session.js';
import { i18n, loadLanguage } from '../texts/i18n.js';
import { Failure } from '../widgets/Failure.js';
import { PAGES } from './pages.js';
import { usePreferences, type Language } from './preferences.js';
import { queryClient } from './query.js';
import { themeOf } from './theme.js';

const SignIn = lazy(() => import('../features/session/SignIn.js'));
const ChangePassword = lazy(() => import('../features/session/ChangePassword.js'));
const router = createBrowserRouter([
  {
    path: '/',
    lazy: () => import('./Shell.js'),
    ErrorBoundary: Failure,
    HydrateFallback: () => null,
    children: [
      ...PAGES.map(({ name, path = name, load }) => ({ path, lazy: load, ErrorBoundary: Failure })),
      { path: 'customers/:customerId', Component: ToCustomer },
      { path: '*', element: <Navigate to="/customers" replace /> },
      { index: true, element: <Navigate to="/customers" replace /> },
    ],
  },
]);

export function App({ locale: first }: { locale: Locale }) {
  const { language, shade } = usePreferences();
  const [locale, setLocale] = useState(first);
  useEffect(() => void loadLanguage(language).then(setLocale), [language]);
  useEffect(() => mark(shade, language), [shade, language]);
  return (
    <ConfigProvider locale={locale} theme={themeOf(shade)} button={{ autoInsertSpace: false }}>
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={queryClient}>
          <Suspense>
            <Inside />
          </Suspense>
        </QueryClientProvider>
      </I18nextProvider>
    </ConfigProvider>
  );
}

/** A link to one customer, as letters have it: he is chosen on the main screen. */
function ToCustomer() {
  const { customerId = '' } = useParams();
  return <Navigate to={`/customers?customer=${encodeURIComponent(customerId)}&tab=purchases`} replace />;
}

function Inside() {
  const session = useSessionState();
  if (session.phase === 'starting') return null;
  if (session.phase === 'signed-out') return <SignIn />;
  if (session.user.mustChangePassword) return <ChangePassword forced />;
  return <RouterProvider router={router} />;
}

function mark(shade: string, language: Language): void {
  document.documentElement.dataset.shade = shade;
  document.documentElement.lang = language;
}
