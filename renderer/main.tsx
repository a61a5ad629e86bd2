import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './api/connect';
import { Frame } from './frame/Frame';
import { followSample } from './state/desk';
import { followImports } from './state/imports';
import { startLook } from './state/look';
import './theme.css';
import './components/components.css';
import './frame/frame.css';
import './pages/imports/imports.css';
import './pages/imports/maps/maps.css';
import './pages/imports/quarantine/quarantine.css';
import './pages/imports/watches/watches.css';

startLook();
connect();
followSample();
followImports();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root"');
createRoot(root).render(
  <StrictMode>
    <Frame />
  </StrictMode>,
);
