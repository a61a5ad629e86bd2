import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { guardBridge } from './carrier';
import { GuardPage } from './GuardPage';
import '../theme.css';
import '../components/components.css';
import './guard.css';

const bridge = guardBridge();
const root = document.getElementById('root');
if (root === null) throw new Error('guard.html has no element "root"');
createRoot(root).render(
  <StrictMode>
    <GuardPage bridge={bridge} />
  </StrictMode>,
);
